import { describe, expect, it } from 'vitest'
import { parseJournalRecord } from '../../../../../main/domain/keepalived/journal'
import { lines, scenario, SCENARIOS } from '../captures'

const entry = (fields: object): string =>
  JSON.stringify({ __CURSOR: 's=1;i=2', __REALTIME_TIMESTAMP: '1795336750279577', ...fields })

describe('parseJournalRecord', () => {
  it('reads what systemd says about a unit', () => {
    const [first = ''] = lines(`${scenario('s01')}/amp1.journal.jsonl.gz`)
    expect(parseJournalRecord(first)).toEqual({
      kind: 'record',
      cursor:
        's=31408664718e43d398a096288f51c267;i=102;b=db8c39858176435f9e1ccf021cf44e60;m=6f179d2d;t=660d96940ab99;x=be3c0f396a51d914',
      at: 1795336750279.486,
      atFrom: 'source',
      identifier: 'systemd',
      pid: 1,
      unit: 'octavia-keepalived.service',
      message: 'Stopping octavia-keepalived.service - Keepalive Daemon (LVS and VRRP)...',
      messageFrom: 'text',
      host: 'amphora-3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61',
      bootId: 'db8c39858176435f9e1ccf021cf44e60',
      severity: 6,
    })
  })

  it('reads every entry of every scenario', () => {
    const all = SCENARIOS.flatMap((name) =>
      ['amp1', 'amp2'].flatMap((side) => lines(`scenarios/${name}/${side}.journal.jsonl.gz`)),
    )
    expect(all.length).toBeGreaterThan(200)
    expect(all.map(parseJournalRecord).filter(({ kind }) => kind !== 'record')).toEqual([])
  })

  it('takes the time of arrival when the sender gave none', () => {
    const [first = ''] = lines('pair/journal-haproxy.jsonl')
    expect(parseJournalRecord(first)).toMatchObject({ at: 1795336922347.95, atFrom: 'journal' })
  })

  it.each([
    ['octets', [71, 114, 195, 188, 255], { message: 'Grü\uFFFD', messageFrom: 'bytes' }],
    ['null', null, { message: '', messageFrom: 'missing' }],
    ['nothing', undefined, { message: '', messageFrom: 'missing' }],
    ['two values', ['a', [98]], { message: 'a\nb', messageFrom: 'bytes' }],
    ['an object', { a: 1 }, { message: '', messageFrom: 'missing' }],
  ])('accepts a message that is %s', (_, MESSAGE, expected) => {
    expect(parseJournalRecord(entry({ MESSAGE }))).toMatchObject(expected)
  })

  it.each([
    ['', 'empty'],
    ['-- No entries --', 'notJson'],
    ['{"__CURSOR":"s=1', 'notJson'],
    ['[]', 'notAnObject'],
    ['{"MESSAGE":"x"}', 'noCursor'],
    ['{"__CURSOR":"s=1"}', 'noTime'],
    ['{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"never"}', 'noTime'],
  ])('says why %j is no record', (line, why) => {
    expect(parseJournalRecord(line)).toEqual({ kind: 'notARecord', why })
  })
})
