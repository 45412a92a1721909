import type { z } from 'zod'
import type { Failure } from './error'

/** Declares a call that answers once. */
export const request = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'request', input, output }) as const

/** Declares a call that answers with a sequence of items until either side ends it. */
export const stream = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'stream', input, output }) as const

type Request = ReturnType<typeof request>
type Stream = ReturnType<typeof stream>
export type Table = Readonly<Record<string, Request | Stream>>

export type Input<C extends { input: z.ZodType }> = z.output<C['input']>
export type Output<C extends { output: z.ZodType }> = z.output<C['output']>

export type RequestName<T extends Table> = {
  [K in keyof T]: T[K] extends Request ? K : never
}[keyof T]
export type StreamName<T extends Table> = {
  [K in keyof T]: T[K] extends Stream ? K : never
}[keyof T]

/** What the main process must provide: one handler per entry of the table. */
export type Handlers<T extends Table> = {
  [K in keyof T]: T[K] extends Stream
    ? (input: Input<T[K]>, signal: AbortSignal) => AsyncIterable<Output<T[K]>>
    : (input: Input<T[K]>, signal: AbortSignal) => Promise<Output<T[K]>>
}

/** Renderer to main. Closing the port cancels the call. */
export interface ToMain {
  credit: number
}

/** Main to renderer. A request is a stream of exactly one item. */
export type ToRenderer = { items: unknown[] } | { end: true } | { failure: Failure }

/** How many items may be in flight before the producer waits for credit. */
export const WINDOW = 64

/** The smallest port that Electron, a WebSocket and a MessageChannel can all offer. */
export interface Port<Out, In> {
  post(message: Out): void
  onMessage(listener: (message: In) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** How the page reaches main: the preload script offers it as `window.bridge`, the browser host over a WebSocket. */
export interface Bridge {
  open(
    name: string,
    input: unknown,
    onMessage: (message: ToRenderer) => void,
  ): { post(message: ToMain): void; close(): void }
}

/** Page to browser host: many calls share one WebSocket, told apart by a number the page chooses. */
export type SocketToMain =
  | { call: number; open: { name: string; input?: unknown } }
  | { call: number; credit: number }
  | { call: number; close: true }

/** Browser host to page. */
export type SocketToRenderer = { call: number; message: ToRenderer }
