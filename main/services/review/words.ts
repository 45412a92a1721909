import type { Unknown } from '../../../preload/contract/common'
import type { Values } from '../../../preload/contract/error'
import type { Finding } from '../../../preload/contract/finding'
import { asWord } from '../../../preload/contract/shellWord'

/** Sentences for people, in one language. */
export interface Words {
  readonly language: 'en' | 'vi'
  /** The sentence of a key, its placeholders filled; undefined where there is none. `count` picks singular or plural. */
  find(key: string, values?: Values, count?: number): string | undefined
  /** A number as people of the language read it; one digit behind the point at most. */
  number(value: number): string
}

/** The sentence of a key that must be there. @throws Error where it is not */
export function say(words: Words, key: string, values?: Values, count?: number): string {
  const text = words.find(key, values, count)
  if (text === undefined) throw new Error(`No words for ${key}`)
  return text
}

type Told = Pick<Finding, 'rule' | 'values'>

/** What a finding says; `advice` may be copied into a shell. A rule without words is told by its own name. */
export function findingWords(words: Words, { rule, values }: Told) {
  const readable = mapValues(values, (value) =>
    typeof value === 'string' ? value.replaceAll('`', "'") : words.number(value),
  )
  const told = (part: string, filled = readable) => words.find(`finding.${rule}.${part}`, filled)
  return {
    title: told('title') ?? rule,
    cause: told('cause') ?? '',
    cost: told('cost') ?? '',
    advice: told('advice', mapValues(values, asWord)) ?? '',
  }
}

const mapValues = (values: Values, map: (value: string | number) => string | number): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))

/** Why something is not known. */
export const unknownWords = (words: Words, unknown: Unknown): string =>
  words.find(`pair.unknown.${unknown}`) ?? words.find(`reason.${unknown}.title`) ?? unknown
