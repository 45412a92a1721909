import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import { follow, request } from '../api/client'
import type { InspectionSubject } from './inspection'

/** In characters. */
export interface TerminalWindow {
  columns: number
  rows: number
}

/** Where a terminal stands. */
export type TerminalState =
  | { kind: 'none' }
  | { kind: 'opening'; since: number }
  | { kind: 'open'; since: number; recording?: string }
  | { kind: 'closed'; at: number; exit?: number; failure?: AppError; recording?: string }

/** Characters of input that are sent at once; more is sent in turn. */
const PIECE = 100_000

/** The shell on the amphora on screen. One at a time. */
export const useTerminal = defineStore('terminal', () => {
  const state = shallowRef<TerminalState>({ kind: 'none' })
  /** Why the last thing that was typed did not arrive. */
  const inputFailure = shallowRef<AppError>()
  const sending = ref(false)
  let abort = new AbortController()
  let id: string | undefined
  let unsent = ''

  /**
   * Opens a shell. `show` is given what it shows, and is waited for: the shell is as fast as the screen.
   * Returns when the shell has ended.
   */
  async function open(
    subject: InspectionSubject,
    window: TerminalWindow,
    record: boolean,
    show: (text: string) => Promise<void>,
  ): Promise<void> {
    close()
    const { signal } = (abort = new AbortController())
    let recording: { recording?: string } = {}
    state.value = { kind: 'opening', since: Date.now() }
    inputFailure.value = undefined
    const end = (how: { exit?: number; failure?: AppError }): void => {
      if (signal.aborted) return
      id = undefined
      unsent = ''
      state.value = { kind: 'closed', at: Date.now(), ...how, ...recording }
    }
    let exit: { exit?: number } = {}
    try {
      for await (const item of follow('terminal.open', { ...subject, ...window, record }, signal)) {
        if (item.kind === 'opened') {
          id = item.id
          recording = item.recording === undefined ? {} : { recording: item.recording }
          state.value = { kind: 'open', since: Date.now(), ...recording }
        } else if (item.kind === 'output') await show(item.text)
        else exit = item.exit === undefined ? {} : { exit: item.exit }
      }
      end(exit)
    } catch (error) {
      end({ failure: AppError.from(error) })
    }
  }

  /** Types; keys that are pressed while others are under way follow together, in order. */
  function type(text: string): void {
    if (id === undefined) return
    unsent += text
    if (!sending.value) void send()
  }

  async function send(): Promise<void> {
    const { signal } = abort
    sending.value = true
    try {
      while (unsent && id !== undefined && !signal.aborted) {
        const input = unsent.slice(0, PIECE)
        unsent = unsent.slice(PIECE)
        await request('terminal.write', { id, input }, signal)
        inputFailure.value = undefined
      }
    } catch (error) {
      // What was typed behind it was meant for what did not happen.
      unsent = ''
      if (!signal.aborted) inputFailure.value = AppError.from(error)
    } finally {
      sending.value = false
    }
  }

  /** Tells the shell how large its window is. */
  function resize(window: TerminalWindow): void {
    if (id === undefined) return
    void request('terminal.resize', { id, ...window }, abort.signal).catch(() => undefined)
  }

  /** Ends the shell by hanging up. */
  function close(): void {
    abort.abort()
    if (state.value.kind === 'open' || state.value.kind === 'opening') {
      const { kind } = state.value
      const recording = kind === 'open' ? state.value.recording : undefined
      state.value = {
        kind: 'closed',
        at: Date.now(),
        ...(recording !== undefined && { recording }),
      }
    }
    id = undefined
    unsent = ''
  }

  /** Hangs up and forgets that there was a shell. */
  function forget(): void {
    close()
    state.value = { kind: 'none' }
    inputFailure.value = undefined
  }

  return { state, inputFailure, open, type, resize, close, forget }
})
