import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AuditLog } from '../../../../main/services/auditLog'
import type { AuditEntry } from '../../../../preload/contract/action'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

let clock = 0
const open = () =>
  new AuditLog(
    path,
    'ngoc@bastion',
    () => ({ cloudUser: 'admin', project: 'ops' }),
    () => (clock += 1),
  )

const aChange = (name: string, cloud = 'alpha') => ({
  cloud,
  action: 'loadBalancer.delete',
  object: { kind: 'loadBalancer', id: `id-${name}`, name },
  planned: [`DELETE ${name}`],
})

const entriesOf = async (audit: AuditLog, cloud?: string, limit = 100): Promise<AuditEntry[]> => {
  for await (const entries of audit.follow(cloud, limit, new AbortController().signal))
    return entries
  return []
}

it('tells who changed what, and folds the end into the start', async () => {
  const audit = open()
  const id = await audit.start({ ...aChange('one'), notes: ['twice'] })
  await audit.finish(id, {
    result: 'ok',
    detail: ['DELETE one → 204'],
    requestIds: ['req-1'],
    durationMs: 7,
  })
  const expected = [
    {
      id,
      at: clock,
      operator: 'ngoc@bastion',
      cloud: 'alpha',
      cloudUser: 'admin',
      project: 'ops',
      action: 'loadBalancer.delete',
      object: { kind: 'loadBalancer', id: 'id-one', name: 'one' },
      planned: ['DELETE one'],
      notes: ['twice'],
      detail: ['DELETE one → 204'],
      result: 'ok',
      requestIds: ['req-1'],
      durationMs: 7,
    },
  ]
  expect(await entriesOf(audit)).toEqual(expected)
  expect(await entriesOf(open())).toEqual(expected)
})

it('keeps what the end does not say', async () => {
  const audit = open()
  const failure = { code: 'conflict' as const, message: 'immutable' }
  const id = await audit.start(aChange('one'))
  await audit.sent(id, { detail: 'DELETE one → 409', requestId: 'req-1' })
  await audit.finish(id, { result: 'failed', failure })
  expect(await entriesOf(open())).toMatchObject([
    { result: 'failed', failure, detail: ['DELETE one → 409'], requestIds: ['req-1'] },
  ])
})

it('shows what was sent so far, also when the console was killed before the end', async () => {
  const audit = open()
  const id = await audit.start(aChange('one'))
  expect(await entriesOf(audit)).toMatchObject([{ detail: [], planned: ['DELETE one'] }])
  await audit.sent(id, { detail: 'DELETE one → 409', requestId: 'req-1' })
  const object = { kind: 'loadBalancer', id: 'told', name: 'one' }
  await audit.sent(id, { detail: 'DELETE one → no answer', object })
  const expected = [
    {
      result: 'started',
      object,
      detail: ['DELETE one → 409', 'DELETE one → no answer'],
      requestIds: ['req-1'],
    },
  ]
  expect(await entriesOf(audit)).toMatchObject(expected)
  expect(await entriesOf(open())).toMatchObject(expected)
})

it('lists the newest first, of one cloud or of all, as many as are asked for', async () => {
  const audit = open()
  for (const [name, cloud] of [
    ['one', 'alpha'],
    ['two', 'beta'],
    ['three', 'alpha'],
  ] as const) {
    await audit.start(aChange(name, cloud))
  }
  const names = (entries: AuditEntry[]) => entries.map(({ object }) => object.name)
  expect(names(await entriesOf(audit))).toEqual(['three', 'two', 'one'])
  expect(names(await entriesOf(audit, 'alpha'))).toEqual(['three', 'one'])
  expect(names(await entriesOf(audit, undefined, 2))).toEqual(['three', 'two'])
})

it('tells its followers of each change', async () => {
  const audit = open()
  const abort = new AbortController()
  const seen = audit.follow(undefined, 10, abort.signal)
  expect((await seen.next()).value).toEqual([])
  const id = await audit.start(aChange('one'))
  expect((await seen.next()).value).toMatchObject([{ result: 'started' }])
  await audit.finish(id, { result: 'ok' })
  expect((await seen.next()).value).toMatchObject([{ result: 'ok' }])
  abort.abort()
  expect(await seen.next()).toMatchObject({ done: true })
})

it('shows a change as started when the console was killed before its end', async () => {
  await open().start(aChange('one'))
  expect(await entriesOf(open())).toMatchObject([{ result: 'started' }])
})

it('loses only the line that a crash cut short, and goes on behind it', async () => {
  const audit = open()
  await audit.finish(await audit.start(aChange('one')), { result: 'ok' })
  await audit.start(aChange('two'))
  const { length } = await readFile(path)
  await truncate(path, length - 20)

  const next = open()
  await next.start(aChange('three'))
  expect((await entriesOf(open())).map(({ object, result }) => [object.name, result])).toEqual([
    ['three', 'started'],
    ['one', 'ok'],
  ])
})

it('passes over lines it does not know, and an end without its start', async () => {
  await writeFile(path, '{"line":"seal","by":"later"}\nnot json\n7\n')
  await appendFile(path, '{"line":"end","id":"nobody","end":{"result":"ok"}}\n')
  const audit = open()
  await audit.start(aChange('one'))
  expect(await entriesOf(audit)).toHaveLength(1)
})

it('holds the newest 10,000 in memory and all of them in the file', async () => {
  const line = (number: number) =>
    JSON.stringify({
      line: 'start',
      entry: {
        ...aChange(String(number)),
        id: String(number),
        at: number,
        operator: 'x',
        detail: [],
        result: 'started',
        requestIds: [],
      },
    })
  await writeFile(path, Array.from({ length: 10_005 }, (_, number) => `${line(number)}\n`).join(''))
  const audit = open()
  await audit.start(aChange('last'))
  const entries = await entriesOf(audit, undefined, 20_000)
  expect(entries).toHaveLength(10_000)
  expect(entries[0]).toMatchObject({ object: { name: 'last' } })
  expect(entries.at(-1)).toMatchObject({ id: '6' })
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(10_007)
})
