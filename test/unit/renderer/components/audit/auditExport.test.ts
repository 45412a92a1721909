import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../../../preload/contract/action'
import { auditAsCsv, auditAsJson } from '../../../../../renderer/components/audit/auditExport'
import { auditFiltered } from '../../../../../renderer/components/audit/auditFilter'

const anEntry = (part: Partial<AuditEntry> = {}): AuditEntry => ({
  id: '1',
  at: Date.UTC(2026, 10, 22, 8, 39, 10),
  operator: 'an@noc1',
  cloud: 'lab',
  action: 'keepalived.stop',
  object: { kind: 'amphora', id: '3f0d6c1e', name: 'amphora 3f0d6c1e' },
  detail: ['sudo -n systemctl stop octavia-keepalived'],
  result: 'ok',
  requestIds: [],
  durationMs: 1042,
  ...part,
})

describe('auditAsCsv', () => {
  it('quotes what needs it and ends lines as the standard says', () => {
    const csv = auditAsCsv([
      anEntry({
        operator: 'An "NOC", Hà Nội',
        requestIds: ['req-1', 'req-2'],
        planned: ['one', 'two'],
        notes: ['check oneOwner: pass'],
      }),
    ])
    expect(csv.split('\r\n')[1]).toBe(
      '2026-11-22T08:39:10.000Z,"An ""NOC"", Hà Nội",lab,,,keepalived.stop,amphora,3f0d6c1e,' +
        'amphora 3f0d6c1e,ok,,"req-1\nreq-2",1042,sudo -n systemctl stop octavia-keepalived,' +
        '"one\ntwo",check oneOwner: pass,1',
    )
  })

  it('does not let a name run as a formula', () => {
    const name = '=HYPERLINK("http://x")'
    expect(auditAsCsv([anEntry({ object: { kind: 'loadBalancer', id: 'x', name } })])).toContain(
      `"'=HYPERLINK(""http://x"")"`,
    )
  })
})

describe('auditAsJson', () => {
  it('keeps everything and writes times that people can read', () => {
    expect(JSON.parse(auditAsJson([anEntry()]))).toEqual([
      { ...anEntry(), at: '2026-11-22T08:39:10.000Z' },
    ])
  })
})

describe('auditFiltered', () => {
  const entries = [
    anEntry(),
    anEntry({
      id: '2',
      cloud: 'prod',
      result: 'failed',
      failure: { code: 'forbidden', reason: 'octavia.quota', message: 'Quota has been met' },
      requestIds: ['req-77'],
      planned: ['POST /loadbalancers'],
      notes: ['ssh-rsa SHA256:abc'],
    }),
  ]
  const found = (query: { text?: string; cloud?: string; result?: 'failed' | '' }) =>
    auditFiltered(entries, { text: '', cloud: '', result: '', ...query }, ({ result }) => [
      '2026-11-22 15:39:10',
      result === 'ok' ? 'xong' : 'lỗi',
    ]).map(({ id }) => id)

  it('finds by words of the command, by request id and by how a change failed', () => {
    expect(found({ text: 'systemctl STOP' })).toEqual(['1', '2'])
    expect(found({ text: 'quota MET' })).toEqual(['2'])
    expect(found({ text: 'octavia.quota' })).toEqual(['2'])
    expect(found({ text: 'failed' })).toEqual(['2'])
    expect(found({ text: 'req-77' })).toEqual(['2'])
    expect(found({ text: 'SHA256:abc' })).toEqual(['2'])
    expect(found({ text: 'loadbalancers' })).toEqual(['2'])
  })

  it('finds by the words that are on the screen', () => {
    expect(found({ text: '15:39 XONG' })).toEqual(['1'])
    expect(found({ text: '15:39 lỗi' })).toEqual(['2'])
  })

  it('narrows by cloud and result', () => {
    expect([found({ cloud: 'lab' }), found({ result: 'failed' })]).toEqual([['1'], ['2']])
  })
})
