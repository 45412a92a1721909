/** One place in the schedule: which, and when it was due by our clock. */
export interface Slot {
  sequence: number
  dueAt: number
}

/** Milliseconds since the epoch that never jump: the date when this was made, and the machine's uptime since. */
export function steadyClock(): () => number {
  const anchor = Date.now() - performance.now()
  return () => anchor + performance.now()
}

/**
 * Calls back for every slot of a fixed beat, without drift: slot n is due n intervals after the first, whatever
 * happened to those before. Slots that a busy process slept through are named as missed, never left out.
 * @returns a function that stops it
 */
export function beat(
  intervalMs: number,
  firstSequence: number,
  now: () => number,
  onSlot: (slot: Slot, missed: boolean) => void,
): () => void {
  const origin = now()
  let next = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const dueOf = (index: number) => origin + index * intervalMs

  const tick = () => {
    const late = Math.floor((now() - origin) / intervalMs)
    for (; next <= late; next += 1) {
      onSlot({ sequence: firstSequence + next, dueAt: dueOf(next) }, next < late)
    }
    timer = setTimeout(tick, Math.max(0, dueOf(next) - now()))
  }
  tick()
  return () => clearTimeout(timer)
}
