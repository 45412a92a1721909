/** What whoever holds a TerminalScreen may do with it. */
export interface TerminalHandle {
  /** Shows text; resolves when it is on the screen. */
  write(text: string): Promise<void>
  /** Pastes as it is. */
  paste(text: string): void
  /** Finds words before or after those that were found last. False when they are nowhere. */
  find(words: string, direction: 1 | -1): boolean
  /** The text that is selected. */
  selection(): string
  focus(): void
  /** Forgets what was shown. */
  clear(): void
  size(): { columns: number; rows: number }
}
