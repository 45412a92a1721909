import type { Severity } from '../../../preload/contract/finding'

/** A report before it has a form: what any reader is told, in order. Sentences have machine text in backticks. */
export interface ReportDocument {
  language: 'en' | 'vi'
  title: string
  blocks: readonly Block[]
}

/** A mark on a time line: from when to when, in milliseconds since the epoch. */
interface Span {
  from: number
  /** The end of the evidence where it lasts. */
  to: number
  severity?: Severity
  /** What a pointer on it reads. */
  label: string
}

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'text'; text: string }
  /** Label and value. */
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] }
  | {
      kind: 'finding'
      severity: Severity
      severityWord: string
      title: string
      rule: string
      time: string
      /** Label and sentence. */
      parts: readonly (readonly [string, string])[]
      quotesLabel: string
      /** Word for word, and where. */
      quotes: readonly { where: string; text: string }[]
    }
  | {
      kind: 'timeline'
      title: string
      /** From, until, what. */
      head: readonly [string, string, string]
      from: number
      until: number
      lanes: readonly { label: string; spans: readonly Span[] }[]
    }
  /** What most readers pass over. */
  | { kind: 'details'; summary: string; blocks: readonly Block[] }

/** A time as reports write it: UTC, with milliseconds. */
export const timeText = (at: number): string =>
  new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC')

/** A sentence in pieces: plain words and machine text in turn. */
export const pieces = (sentence: string): { code: boolean; text: string }[] =>
  sentence
    .split('`')
    .map((text, place) => ({ code: place % 2 === 1, text }))
    .filter(({ text }) => text !== '')
