interface Entry<T> {
  value: T
  users: number
  ending?: ReturnType<typeof setTimeout>
}

/**
 * What several use at once: begun for the first of them, and ended a while after the last has released it, since who only
 * changes the view comes right back.
 */
export class Lingering<T> {
  private readonly entries = new Map<string, Entry<T>>()
  private readonly endings = new Set<Promise<void>>()

  /**
   * @param end ends what was begun; resolves when nothing of it runs any more, and does not reject
   * @param lingerMs milliseconds
   */
  constructor(
    private readonly end: (value: T) => Promise<void>,
    private readonly lingerMs: number,
  ) {}

  /** What is in use under this key. */
  get(key: string): T | undefined {
    return this.entries.get(key)?.value
  }

  /** What is in use under this key, begun if need be. Releasing it more than once does nothing. */
  use(key: string, begin: () => T): { value: T; release: () => void } {
    const entry = this.entries.get(key) ?? { value: begin(), users: 0 }
    this.entries.set(key, entry)
    entry.users += 1
    clearTimeout(entry.ending)
    let isUsed = true
    const release = () => {
      if (!isUsed) return
      isUsed = false
      entry.users -= 1
      const isKept = this.entries.get(key) === entry
      if (entry.users === 0 && isKept)
        entry.ending = setTimeout(() => this.finish(key, entry), this.lingerMs)
    }
    return { value: entry.value, release }
  }

  /** Ends all of it, or what is chosen, whoever uses it; resolves when nothing that was ended runs any more. */
  async close(isChosen: (value: T) => boolean = () => true): Promise<void> {
    for (const [key, entry] of this.entries) if (isChosen(entry.value)) this.finish(key, entry)
    await Promise.all(this.endings)
  }

  private finish(key: string, entry: Entry<T>): void {
    clearTimeout(entry.ending)
    this.entries.delete(key)
    const ending = this.end(entry.value).finally(() => this.endings.delete(ending))
    this.endings.add(ending)
  }
}
