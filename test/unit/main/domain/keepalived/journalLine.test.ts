import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseJournalRecord } from '../../../../../main/domain/keepalived/journal'
import { readJournalLine } from '../../../../../main/domain/keepalived/journalLine'
import { lines } from '../captures'

const entry = (fields: object) =>
  JSON.stringify({
    __CURSOR: 's=1;i=2',
    _SOURCE_REALTIME_TIMESTAMP: '1795336750279486',
    __REALTIME_TIMESTAMP: '1795336750279577',
    SYSLOG_IDENTIFIER: 'Keepalived_vrrp',
    _COMM: 'keepalived',
    SYSLOG_PID: '134',
    _PID: '1',
    MESSAGE: '(x) Entering MASTER STATE',
    ...fields,
  })

const read = (line: string) => readJournalLine(Buffer.from(line))

/** The same by the long way. */
function wholly(line: string | Buffer) {
  const record = parseJournalRecord(new TextDecoder().decode(Buffer.from(line)))
  if (record.kind !== 'record') return undefined
  const { kind, cursor, at, identifier, pid, message } = record
  return { kind, cursor, at, identifier, pid, message }
}

describe('readJournalLine', () => {
  it('reads a plain entry', () => {
    expect(read(entry({}))).toEqual({
      kind: 'record',
      cursor: 's=1;i=2',
      at: 1795336750279.486,
      identifier: 'Keepalived_vrrp',
      pid: 134,
      message: '(x) Entering MASTER STATE',
    })
  })

  it('reads every captured entry as the whole record is read', () => {
    const captured = readdirSync('test/fixtures/scenarios').flatMap((scenario) =>
      ['amp1', 'amp2'].flatMap((side) => lines(`scenarios/${scenario}/${side}.journal.jsonl.gz`)),
    )
    expect(captured.length).toBeGreaterThan(200)
    for (const line of captured) expect(read(line)).toEqual(wholly(line))
  })

  it.each([
    ['words in quotes', { MESSAGE: 'a "b" \\ c\td' }],
    ['other scripts', { MESSAGE: 'Dịch vụ đã dừng' }],
    ['a message of octets', { MESSAGE: [65, 255] }],
    ['a message that was left out', { MESSAGE: null }],
    ['a message given twice', { MESSAGE: ['a', 'b'] }],
    ['an empty message', { MESSAGE: '' }],
    ['no message', { MESSAGE: undefined }],
    ['no cursor', { __CURSOR: undefined }],
    ['an empty cursor', { __CURSOR: '' }],
    ['no stamp of the sender', { _SOURCE_REALTIME_TIMESTAMP: undefined }],
    ['a stamp of the sender that is none', { _SOURCE_REALTIME_TIMESTAMP: 'soon' }],
    ['a stamp of another century', { _SOURCE_REALTIME_TIMESTAMP: '9995336750279486' }],
    ['no stamp', { _SOURCE_REALTIME_TIMESTAMP: undefined, __REALTIME_TIMESTAMP: undefined }],
    ['no identifier', { SYSLOG_IDENTIFIER: undefined }],
    ['nobody who spoke', { SYSLOG_IDENTIFIER: undefined, _COMM: undefined }],
    ['no process of syslog', { SYSLOG_PID: undefined }],
    ['a process that is no number', { SYSLOG_PID: 'x' }],
    ['a process of too many digits', { SYSLOG_PID: '1234567890123456' }],
    ['a process without digits', { SYSLOG_PID: '' }],
    ['no process', { SYSLOG_PID: undefined, _PID: undefined }],
    ['a field that another repeats', { _CMDLINE: 'keepalived "MESSAGE":"no"' }],
    ['a name of the same length', { _RUNTIME: 'x', PRIORIT: 'y', _UID: '0' }],
    ['escapes where nobody looks', { _CMDLINE: 'a\nb\u0001c\\' }],
    ['a number', { PRIORITY: 6 }],
    ['an object', { EXTRA: { a: 1 } }],
  ])('reads %s as the whole record is read', (_what, fields) => {
    expect(read(entry(fields))).toEqual(wholly(entry(fields)))
  })

  it.each([
    '',
    ' ',
    '{}',
    '{',
    '-- No entries --',
    `[${entry({})}]`,
    entry({}).slice(0, -1),
    `${entry({})},`,
    entry({}).replace(',', ',,'),
    entry({}).replace('"_PID"', '_PID'),
    entry({ _CMDLINE: 'a' }).replace('"a"', '"a\\q"'),
    entry({ _CMDLINE: 'a' }).replace('"a"', '"a\t"'),
  ])('finds no record in %j, as before', (line) => {
    expect(wholly(line)).toBeUndefined()
    expect(read(line)).toBeUndefined()
  })

  it('reads entries with spaces, and a field given twice by its last value', () => {
    const spaced = JSON.stringify(JSON.parse(entry({})), undefined, 1).replaceAll('\n', ' ')
    expect(read(spaced)).toEqual(read(entry({})))
    const twice = entry({}).replace('{', '{"MESSAGE":"first",')
    expect(read(twice)).toEqual(wholly(twice))
  })

  it('reads a line where it stands among others', () => {
    const octets = Buffer.from(`${entry({ MESSAGE: 'one' })}\n${entry({ MESSAGE: 'two' })}\n`)
    const newline = octets.indexOf('\n')
    expect(readJournalLine(octets, 0, newline)?.message).toBe('one')
    expect(readJournalLine(octets, newline + 1, octets.length - 1)?.message).toBe('two')
    expect(readJournalLine(octets, 0, octets.length - 1)).toBeUndefined()
  })

  it('keeps octets that are no UTF-8 apart from the rest, as before', () => {
    const line = Buffer.from(entry({ MESSAGE: 'a?b' }))
    line[line.indexOf('?')] = 0xff
    expect(readJournalLine(line)).toEqual(wholly(line))
    expect(readJournalLine(line)?.message).toBe('a\uFFFDb')
  })
})
