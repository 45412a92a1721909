import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  ReviewLogQuery,
  ReviewOpening,
  ReviewSource,
} from '../../../../../preload/contract/review'
import { Notebook } from '../../../../../main/services/review/notebook'
import { Reviews } from '../../../../../main/services/review/sessions'
import type {
  FromReviewThread,
  ToReviewThread,
} from '../../../../../main/services/review/threadMessages'
import { serveReview } from '../../../../../main/services/review/threadSide'
import { Uploads } from '../../../../../main/services/review/uploads'
import { wordsIn } from '../../../../../main/words'
import { pretendedThread } from '../../../../support/pretendedThread'

const STOPPED = 'test/fixtures/scenarios/s01_stop_keepalived_master'
const FIRST = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
const SECOND = 'b64b8e2a-7c1d-4f27-9d3a-6e5f40312a72'
const LOAD_BALANCER = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
const EVERYTHING: ReviewLogQuery = {
  ...{ include: '', exclude: '', regex: false, hideNoise: false, amphoraIds: [], others: false },
}

let folder: string
let reviews: Reviews
let uploads: Uploads
let reports: unknown[]
let threads: ReturnType<typeof pretendedThread<ToReviewThread, FromReviewThread>>[]

function start(): void {
  uploads = new Uploads(join(folder, 'uploads'))
  reviews = new Reviews({
    start: () => {
      const made = pretendedThread<ToReviewThread, FromReviewThread>((inside) =>
        serveReview(inside, wordsIn),
      )
      threads.push(made)
      return made.thread
    },
    uploads,
    version: '1.2.3',
    notebook: new Notebook((name) => join(folder, 'reviews', name)),
    report: (error) => reports.push(error),
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reviews-'))
  reports = []
  threads = []
  start()
})
afterEach(async () => {
  await reviews.closeAll()
  expect(reports).toEqual([])
})

async function open(...sources: ReviewSource[]): Promise<string> {
  const items: ReviewOpening[] = []
  for await (const item of reviews.open(sources, new AbortController().signal)) items.push(item)
  const last = items.at(-1)
  if (last?.kind !== 'opened') throw new Error('It was not opened.')
  expect(items.map(({ kind }) => kind)).toContain('progress')
  return last.review.id
}
const path = (...paths: string[]) =>
  open(...paths.map((each) => ({ kind: 'path' as const, path: each })))

async function upload(files: Record<string, Buffer>): Promise<string> {
  const id = await uploads.start()
  for (const [name, content] of Object.entries(files)) {
    for (let offset = 0; offset === 0 || offset < content.length; offset += 1000) {
      const base64 = content.subarray(offset, offset + 1000).toString('base64')
      await uploads.append(id, { name, offset, base64, modifiedAt: 1_700_000_000_000 })
    }
  }
  return id
}

describe('a review of files', () => {
  it('tells what was wrong, since when, and which lines of which files prove it', async () => {
    const id = await path(STOPPED)
    const { review, loadBalancers, hosts, files, ignored } = await reviews.read(id)
    expect(review.sources).toEqual([STOPPED])
    expect(loadBalancers.map((one) => one.id)).toEqual([LOAD_BALANCER])
    const [balancer] = loadBalancers
    const stopped = balancer?.findings.find(({ rule }) => rule === 'keepalived.stopped')
    expect(stopped).toMatchObject({ severity: 'high', subject: { kind: 'amphora', id: FIRST } })
    expect(stopped?.places[0]?.file).toContain('amp1')
    expect(stopped?.proofs[0]).toMatchObject({ source: stopped?.places[0]?.file })
    expect(balancer?.episodes).toHaveLength(2)
    expect(balancer?.unknown.length).toBeGreaterThan(0)
    expect(hosts.map((host) => host.id).sort()).toEqual([FIRST, SECOND].sort())
    expect(files.map(({ kind }) => kind)).toContain('probe')
    expect([...files.map((file) => file.path), ...ignored.map(({ file }) => file)].sort()).toEqual(
      readdirSync(STOPPED)
        .map((name) => join(STOPPED, name))
        .sort(),
    )
  })

  it('pages through the log of all machines by time, both ways, and finds what matters', async () => {
    const id = await path(STOPPED)
    const all = await reviews.ask(id, 'log', {
      query: EVERYTHING,
      place: { index: 0 },
      count: 1000,
    })
    const times = all.lines.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(new Set(all.lines.map(({ amphoraId }) => amphoraId)).size).toBe(2)

    const include = 'entering master'
    const query = { ...EVERYTHING, include }
    const matching = await reviews.ask(id, 'log', { query, place: { index: 0 }, count: 1000 })
    expect(matching.total).toBeGreaterThan(0)
    expect(matching.total).toBeLessThan(all.total)
    expect(matching.lines.every(({ text }) => /entering master/i.test(text))).toBe(true)

    const beside = { ...query, others: true }
    const index = (
      await reviews.ask(id, 'find', { query: beside, what: 'match', from: -1, direction: 1 })
    ).index
    const page = await reviews.ask(id, 'log', {
      query: beside,
      place: { index: index ?? 0 },
      count: 1,
    })
    expect(page).toMatchObject({ total: all.total, lines: [{ matches: true }] })

    const [line] = matching.lines
    const there = await reviews.ask(id, 'log', {
      query: EVERYTHING,
      place: { file: line?.file ?? '', line: line?.line ?? 1 },
      count: 11,
    })
    expect(there.lines[(there.at ?? 0) - there.first]).toMatchObject({ text: line?.text })
  })

  it('refuses what is no expression, and ends one that would run for ever', async () => {
    const id = await path(STOPPED)
    const ask = (include: string) =>
      reviews.ask(id, 'log', {
        query: { ...EVERYTHING, include, regex: true },
        place: { index: 0 },
        count: 10,
      })
    await expect(ask('(')).rejects.toMatchObject({ reason: 'review.pattern' })
    await expect(ask('^(([a-zA-Z0-9:_ .\\[\\]()-]+)+)+§$')).rejects.toMatchObject({
      reason: 'review.patternSlow',
    })
    expect((await ask('Entering (MASTER|BACKUP)')).total).toBeGreaterThan(0)
  }, 20_000)

  it('keeps notes and clocks with the evidence, whatever it is called the next time', async () => {
    const first = await path(STOPPED)
    const about = { kind: 'time' as const, at: 1_700_000_000_000 }
    await reviews.saveNote(first, { id: 'n1', writtenAt: 1, text: 'the patch window', about })
    await reviews.setClocks(first, { [FIRST]: { offsetMs: 5000 } })
    const before = await reviews.read(first)
    await reviews.close(first)
    await expect(reviews.read(first)).rejects.toMatchObject({ reason: 'review.gone' })

    start()
    const files = Object.fromEntries(
      readdirSync(STOPPED).map((name) => [`other/${name}`, readFileSync(join(STOPPED, name))]),
    )
    const id = await open({ kind: 'upload', upload: await upload(files) })
    expect(await reviews.notes(id)).toMatchObject([{ text: 'the patch window' }])
    const { hosts, review } = await reviews.read(id)
    expect(hosts.find((host) => host.id === FIRST)?.clock).toEqual({ offsetMs: 5000 })
    expect(review.digest).toBe(before.review.digest)
    expect(await reviews.removeNote(id, 'n1')).toEqual([])
  })

  it('moves a machine’s lines by how far its clock was ahead, and judges anew', async () => {
    const id = await path(STOPPED)
    const spanOf = async () => {
      const { hosts } = await reviews.read(id)
      return hosts.find((host) => host.id === FIRST)?.from ?? 0
    }
    const before = await spanOf()
    await reviews.setClocks(id, { [FIRST]: { offsetMs: 60_000 } })
    expect(await spanOf()).toBe(before - 60_000)
    const { loadBalancers } = await reviews.read(id)
    const begun = loadBalancers[0]?.findings.find(({ rule }) => rule === 'keepalived.stopped')
    expect(begun?.since).toBeLessThan(before)
  })

  it('takes files over into a folder of its own, and removes them when the review is closed', async () => {
    const name = '../../../../escaped/amp1.syslog'
    const text = readFileSync(join(STOPPED, 'amp1.syslog'))
    const id = await open({ kind: 'upload', upload: await upload({ [name]: text }) })
    const parent = join(folder, 'uploads')
    const [only = ''] = readdirSync(parent)
    expect(statSync(join(parent, only)).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(parent, only))).toEqual(['1'])
    expect((await reviews.read(id)).files.map((file) => file.path)).toEqual([name])
    const told = await reviews.ask(id, 'file', { file: name, line: 3 })
    expect(told).toMatchObject({ kind: 'lines', first: 1 })
    expect('lines' in told && told.lines[2]).toBe(text.toString().split('\n')[2])
    await reviews.close(id)
    expect(readdirSync(parent)).toEqual([])
    expect(existsSync(join(folder, 'escaped'))).toBe(false)
  })

  it('takes the secrets out of a configuration, of lines of a file, and of the log', async () => {
    const config = join(folder, 'octavia-keepalived.conf')
    const name = LOAD_BALANCER.replaceAll('-', '')
    writeFileSync(
      config,
      `vrrp_instance ${name} {\n  authentication {\n    auth_pass hunter42\n  }\n}\n`,
    )
    const log = join(folder, 'amp.log')
    const line = `2026-11-17T02:00:00.000000+00:00 amphora-${FIRST} Keepalived_vrrp[1]: auth_pass hunter42 is wrong\n`
    writeFileSync(log, line.repeat(3))
    const id = await path(config, log)
    const told = JSON.stringify([
      await reviews.read(id),
      await reviews.ask(id, 'file', { file: config }),
      await reviews.ask(id, 'file', { file: log, line: 2 }),
      await reviews.ask(id, 'log', { query: EVERYTHING, place: { index: 0 }, count: 10 }),
      await reviews.compare(id, undefined),
    ])
    expect(told).toContain('‹removed›')
    expect(told).not.toContain('hunter42')
  })

  it('compares the configurations of a pair, and writes the report in each form and language', async () => {
    const id = await path('test/fixtures/configurations/live')
    const compared = await reviews.compare(id, undefined)
    expect(compared.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['keepalived', 'haproxy']),
    )
    expect(compared.find(({ what }) => what === 'versions')).toHaveProperty('unknown')
    const other = await path('test/fixtures/configurations/http')
    const changes = await reviews.compare(id, other)
    expect(new Set(changes.map(({ what }) => what))).toEqual(new Set(['before']))

    const json = await reviews.report(id, 'json', 'en')
    expect(JSON.parse(json.text)).toMatchObject({ schema: 1 })
    expect((await reviews.report(id, 'html', 'vi')).text).toMatch(/^<!doctype html>/)
    expect(await reviews.report(id, 'markdown', 'en')).toMatchObject({
      name: 'octavia-review.md',
      mediaType: 'text/markdown',
      text: expect.stringMatching(/^# /) as string,
    })
  })

  it('says that a path cannot be read, and that nothing is there', async () => {
    await expect(path('/no/such/path')).rejects.toMatchObject({
      reason: 'review.unreadable',
      values: { path: '/no/such/path' },
    })
    const empty = mkdtempSync(join(tmpdir(), 'empty-'))
    await expect(path(empty)).rejects.toMatchObject({ reason: 'review.nothing' })
    expect(threads).toHaveLength(2)
  })

  it('fails what is asked when its thread has ended, and lets the others go on', async () => {
    const id = await path(STOPPED)
    const other = await path(STOPPED)
    threads[0]?.crash(new Error('out of memory'))
    await expect(reviews.read(id)).rejects.toMatchObject({ reason: 'review.broken' })
    expect((await reviews.read(other)).loadBalancers).toHaveLength(1)
  })
})
