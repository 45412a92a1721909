import { meaningOf } from '../../main/domain/keepalived/classify'
import { readJournalLine } from '../../main/domain/keepalived/journalLine'
import { LineCutter } from '../../main/services/log/lineCutter'
import { capturedJournal } from './capturedJournal'
import { median, perSecond, say, sideBySide, timed } from './sideBySide'

const OCTETS = 50_000_000
const CHUNK = 32 * 1024
const LARGEST = 100

const captured = capturedJournal()
const lines = captured
  .repeat(Math.ceil(OCTETS / captured.length))
  .split('\n')
  .slice(0, -1)
  .map((line) => Buffer.from(line))

const { consoleMs, bareMs, ratio } = await sideBySide(
  5,
  () =>
    timed(() => {
      let records = 0
      for (const line of lines) {
        const record = readJournalLine(line)
        if (record && meaningOf(record.message).length) records += 1
      }
      if (records !== lines.length)
        throw new Error(`${records} of ${lines.length} lines were read.`)
      return undefined
    }),
  () =>
    timed(() => {
      for (const line of lines) JSON.parse(line.toString())
      return undefined
    }),
)
say(
  `parsing a journal: ${perSecond(lines.length, consoleMs)} lines, JSON.parse alone ${perSecond(lines.length, bareMs)}; time ratio ${ratio.toFixed(2)} (goal 1.2)`,
)

/** Reads a journal that is so many times the captured one, in chunks as they come from a connection. */
function read(journal: Buffer): number {
  const cutter = new LineCutter()
  let read = 0
  for (let from = 0; from < journal.length; from += CHUNK) {
    for (const { octets, newlines } of cutter.push(journal.subarray(from, from + CHUNK))) {
      let begin = 0
      for (const newline of newlines) {
        const record = readJournalLine(octets, begin, newline)
        begin = newline + 1
        if (record && meaningOf(record.message).length) read += 1
      }
    }
  }
  return read
}

const sizes = [1, 10, LARGEST].map((times) => ({
  times,
  journal: Buffer.from(captured.repeat(times)),
  microseconds: [] as number[],
}))
for (let round = 0; round < 4; round += 1) {
  for (const { times, journal, microseconds } of sizes) {
    globalThis.gc?.()
    let count = 0
    const taken = await timed(() => {
      for (let again = 0; again < LARGEST / times; again += 1) count += read(journal)
      return undefined
    })
    if (round > 0) microseconds.push((taken / count) * 1000)
  }
}
const [first] = sizes
for (const { times, journal, microseconds } of sizes) {
  const growth = median(microseconds) / median(first!.microseconds)
  say(
    `parsing ${times}x (${(journal.length / 1e6).toFixed(1)} MB): ${median(microseconds).toFixed(1)} µs per line; ratio to 1x ${growth.toFixed(2)} (goal 1.2)`,
  )
}
