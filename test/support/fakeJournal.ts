import type { ServerChannel } from 'ssh2'
import type { OnCommand } from './sshServer'

interface Entry {
  number: number
  message: string
}

/**
 * A journal of one unit behind an SSH server: answers `journalctl` as systemd 252 does, as far as the console uses it.
 * A cursor that is gone leads to the next entry that is left.
 */
export class FakeJournal {
  private entries: Entry[] = []
  private last = 0
  private readonly followers = new Set<() => void>()

  /** What sudo and journalctl say when they refuse. */
  refusal: { exit: number; stderr: string } | undefined

  /** systemd before 236 does not know how to leave fields out. */
  knowsFields = true

  /** Adds entries with ever growing numbers in their messages. */
  add(count: number, message = (number: number) => `line ${number}`): void {
    for (let index = 0; index < count; index += 1) {
      this.last += 1
      this.entries.push({ number: this.last, message: message(this.last) })
    }
    for (const wake of this.followers) wake()
  }

  /** Forgets the oldest, as `journalctl --vacuum-size` does; all of them stand for a reboot with a volatile journal. */
  vacuum(keep: number): void {
    this.entries = keep ? this.entries.slice(-keep) : []
  }

  readonly onCommand: OnCommand = (line, channel) => {
    // No argument of these commands holds a space or a quote of its own.
    const words = line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'))
    if (!words.includes('journalctl')) {
      channel.exit(127)
      channel.end()
      return
    }
    if (this.refusal) {
      channel.stderr.write(this.refusal.stderr)
      channel.exit(this.refusal.exit)
      channel.end()
      return
    }
    const option = (name: string) =>
      words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
    const fields = option('output-fields')
    if (fields !== undefined && !this.knowsFields) {
      channel.stderr.write(`journalctl: unrecognized option '--output-fields=${fields}'\n`)
      channel.exit(1)
      channel.end()
      return
    }
    const cursor = option('cursor')
    const lines = option('lines')
    const from =
      cursor === undefined
        ? Math.max(0, lines === undefined ? 0 : this.entries.length - Number(lines))
        : this.after(numberOf(cursor) - 1)
    const first = this.entries[from]?.number ?? this.last + 1
    void this.write(channel, first, words.includes('--follow'), fields?.split(','))
  }

  private async write(
    channel: ServerChannel,
    first: number,
    follow: boolean,
    fields: readonly string[] | undefined,
  ): Promise<void> {
    let next = first
    let open = true
    let wake = () => {}
    const stir = () => wake()
    this.followers.add(stir)
    channel.resume()
    channel.on('close', () => {
      open = false
      wake()
    })
    channel.on('drain', stir)
    // Stays true while a loop is running; TypeScript cannot see the listener above.
    const isOpen = () => open
    while (isOpen()) {
      const entry = this.entries[this.after(next - 1)]
      if (entry) {
        next = entry.number + 1
        const more = channel.write(`${JSON.stringify(recordOf(entry, fields))}\n`)
        if (more) continue
      } else if (!follow) {
        break
      }
      await new Promise<void>((resolve) => (wake = resolve))
    }
    this.followers.delete(stir)
    if (!isOpen()) return
    channel.exit(0)
    channel.end()
  }

  /** Index of the first entry behind a number. */
  private after(number: number): number {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]!.number > number) high = middle
      else low = middle + 1
    }
    return low
  }
}

const EPOCH_US = 1_795_336_697_000_000

/** As journalctl prints it: what begins with two underscores always, the rest where it is wanted. */
const recordOf = (entry: Entry, fields: readonly string[] | undefined) =>
  Object.fromEntries(
    Object.entries(wholeRecordOf(entry)).filter(
      ([name]) => name.startsWith('__') || (fields?.includes(name) ?? true),
    ),
  )

const wholeRecordOf = ({ number, message }: Entry) => ({
  __CURSOR: `s=444f;i=${number.toString(16)};b=426e;m=1;t=1;x=${number.toString(16)}`,
  __REALTIME_TIMESTAMP: String(EPOCH_US + number * 1000),
  _SOURCE_REALTIME_TIMESTAMP: String(EPOCH_US + number * 1000),
  SYSLOG_IDENTIFIER: 'Keepalived_vrrp',
  SYSLOG_PID: '134',
  _SYSTEMD_UNIT: 'octavia-keepalived.service',
  MESSAGE: message,
})

const numberOf = (cursor: string): number =>
  parseInt(/;i=([0-9a-f]+);/.exec(cursor)?.[1] ?? '0', 16)
