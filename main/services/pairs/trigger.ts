/** A sleep that others can end: whatever pokes it while nobody sleeps ends the next sleep at once. */
export class Trigger {
  private poked = false
  private wake = () => {}

  poke(): void {
    this.poked = true
    this.wake()
  }

  /** Returns after `milliseconds`, or as soon as it is poked or the signal is aborted; answers whether it was poked. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (!this.poked && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
        signal.addEventListener('abort', this.wake, { once: true })
      })
      signal.removeEventListener('abort', this.wake)
      this.wake = () => {}
    }
    const { poked } = this
    this.poked = false
    return poked
  }
}
