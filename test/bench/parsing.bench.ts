import { classify } from '../../main/domain/keepalived/classify'
import { parseJournalRecord } from '../../main/domain/keepalived/journal'
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

const { consoleMs, bareMs, ratio } = await sideBySide(
  3,
  () =>
    timed(() => {
      let records = 0
      for (const line of lines) {
        const record = parseJournalRecord(line)
        if (record.kind !== 'record') continue
        if (classify(record.message).meaning.length) records += 1
      }
      if (records !== lines.length)
        throw new Error(`${records} of ${lines.length} lines were read.`)
      return undefined
    }),
  () =>
    timed(() => {
      for (const line of lines) JSON.parse(line)
      return undefined
    }),
)
say(
  `parsing a journal: ${perSecond(lines.length, consoleMs)} lines, JSON.parse alone ${perSecond(lines.length, bareMs)}; time ratio ${ratio.toFixed(2)}`,
)

/** Reads a journal that is so many times the captured one, in chunks as they come from a connection. */
function read(journal: Buffer): number {
  const cutter = new LineCutter()
  const decoder = new TextDecoder()
  let read = 0
  for (let from = 0; from < journal.length; from += CHUNK) {
    for (const { octets } of cutter.push(journal.subarray(from, from + CHUNK))) {
      const record = parseJournalRecord(decoder.decode(octets))
      if (record.kind !== 'record') continue
      if (classify(record.message).meaning.length) read += 1
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
    `parsing ${times}x (${(journal.length / 1e6).toFixed(1)} MB): ${median(microseconds).toFixed(1)} µs per line; ratio to 1x ${growth.toFixed(2)}`,
  )
}
