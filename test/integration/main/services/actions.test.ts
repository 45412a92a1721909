import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import type { AmphoraAction } from '../../../../preload/contract/action'
import { Actions } from '../../../../main/services/actions/actions'
import type { AuditEnd, AuditStart } from '../../../../main/services/safety'
import { Follower, pairBench, until } from '../../../support/pairBench'
import { LB } from '../../../support/scriptedAmphora'

const benches: ReturnType<typeof pairBench>[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map(({ pairs }) => pairs.close()))
})

function actionBench() {
  const bench = pairBench()
  const { a, b, pairs, hosts, evidence } = bench
  const trail: string[] = []
  const entries: { start: AuditStart; sent?: string; end?: AuditEnd }[] = []
  const safety = { armed: true }
  const disk = { full: false }
  const sent = () =>
    [...a.commands, ...b.commands].filter((text) => /systemctl (stop|start|restart)/.test(text))
  const actions = new Actions({
    pairs,
    hosts,
    evidence,
    safety: {
      requireArmed: (cloud) => {
        if (!safety.armed) throw AppError.because('safety.readOnly', cloud)
      },
    },
    audit: {
      start: (start) => {
        if (disk.full) return Promise.reject(AppError.because('store.unwritable', 'ENOSPC'))
        trail.push(`start, ${String(sent().length)} sent`)
        return Promise.resolve(String(entries.push({ start }) - 1))
      },
      sent: (id, { detail }) => {
        trail.push(`${detail}, ${String(sent().length)} sent`)
        entries[Number(id)]!.sent = detail
        return Promise.resolve()
      },
      finish: (id, end) => {
        trail.push(`${end.result}, ${String(sent().length)} sent`)
        entries[Number(id)]!.end = end
        return Promise.resolve()
      },
    },
  })
  benches.push(bench)
  return { ...bench, actions, trail, entries, safety, disk, sent }
}

const subject = (action: AmphoraAction, amphoraId = 'amphora-a') => ({
  cloud: 'cloud',
  loadBalancerId: LB,
  amphoraId,
  action,
})
const signal = new AbortController().signal
const outcomes = (checks: readonly { id: string; outcome: string }[]) =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]))

it('foresees what stopping the owner does, with each check proven', async () => {
  const { actions, evidence, entries, sent } = actionBench()
  const preview = await actions.preview(subject('keepalived.stop'), signal)
  expect(preview).toMatchObject({
    command: 'sudo -n systemctl stop octavia-keepalived.service',
    confirmation: 'shop',
    effects: [
      { effect: 'vipMoves', values: { to: 'amphora-b' } },
      {
        effect: 'redundancyLost',
        values: { unit: 'keepalived', amphoraId: 'amphora-a' },
      },
      { effect: 'rebuildMayFollow', values: { seconds: 60 } },
      { effect: 'vipMayReturn' },
    ],
  })
  expect(preview.expectedGapMs!.from).toBeCloseTo(648, 0)
  expect(preview.expectedGapMs!.to).toBeLessThanOrEqual(700)
  expect(outcomes(preview.checks)).toEqual({
    unitKnown: 'pass',
    notPending: 'pass',
    peerReachable: 'pass',
    oneOwner: 'pass',
    peerReceivesAdverts: 'pass',
    peerHaproxyRuns: 'pass',
  })
  const proven = preview.checks.flatMap(({ evidence: id }) => (id ? [evidence.read(id)] : []))
  expect(proven).toHaveLength(5)
  expect(entries).toEqual([])
  expect(sent()).toEqual([])
})

it('foresees that stopping the standby moves nothing, and that a start needs no name typed', async () => {
  const { actions } = actionBench()
  const standby = await actions.preview(subject('keepalived.stop', 'amphora-b'), signal)
  expect(standby.effects.map(({ effect }) => effect)).toEqual([
    'vipStays',
    'redundancyLost',
    'rebuildMayFollow',
  ])
  expect(standby).toMatchObject({ confirmation: '' })
  expect(standby.expectedGapMs).toBeUndefined()

  const start = await actions.preview(subject('keepalived.start', 'amphora-b'), signal)
  expect(start).toMatchObject({
    confirmation: '',
    effects: [{ effect: 'redundancyBack' }, { effect: 'vipStays' }],
    checks: [{ id: 'unitKnown', outcome: 'pass' }],
  })
})

it('foresees that a stopped haproxy is found by two checks first', async () => {
  const { actions } = actionBench()
  const preview = await actions.preview(subject('haproxy.stop'), signal)
  expect(preview.command).toBe(`sudo -n systemctl stop haproxy-${LB}.service`)
  expect(preview.effects[0]).toEqual({
    effect: 'faultAfterChecks',
    values: { fromSeconds: 5, toSeconds: 10 },
  })
  expect(preview.expectedGapMs).toEqual({ from: 5648.4375, to: 10_698.4375 })
})

it('writes the audit log before the command is sent, and how it ended', async () => {
  const { actions, a, trail, entries, pairs } = actionBench()
  const follower = new Follower(pairs)
  const before = Date.now()
  const result = await actions.run({ ...subject('keepalived.stop'), confirmation: 'shop' }, signal)
  expect(result).toMatchObject({ exit: 0, auditId: '0' })
  const command = 'sudo -n systemctl stop octavia-keepalived.service'
  expect(trail).toEqual(['start, 0 sent', `${command}, 0 sent`, 'ok, 1 sent'])
  expect(entries[0]).toMatchObject({
    start: {
      action: 'keepalived.stop',
      object: { kind: 'amphora', id: 'amphora-a', name: 'shop' },
    },
    end: { result: 'ok', durationMs: expect.any(Number) as number },
  })
  expect(entries[0]!.start.planned).toEqual([command])
  expect(a.keepalived).toBe('inactive')

  await until(() =>
    follower.events.some(({ kind }) => kind === 'vipLost' && a.keepalived === 'inactive'),
  )
  await until(() => follower.events.some(({ kind }) => kind === 'action'))
  const told = follower.events.find(({ kind }) => kind === 'action')!
  expect(told).toMatchObject({ amphoraId: 'amphora-a', action: 'keepalived.stop' })
  expect(told.at).toBeGreaterThanOrEqual(before)
  await follower.until(({ sides }) => {
    const fact = sides[0]!.vrrp
    return 'value' in fact && fact.value === 'STOPPED'
  })
  await follower.leave()
})

it('sends nothing when the audit log cannot be written', async () => {
  const { actions, disk, sent } = actionBench()
  disk.full = true
  const run = actions.run({ ...subject('keepalived.stop'), confirmation: 'shop' }, signal)
  await expect(run).rejects.toMatchObject({ reason: 'store.unwritable' })
  expect(sent()).toEqual([])
})

it.each([
  [
    'read-only mode',
    'safety.readOnly',
    (bench: ReturnType<typeof actionBench>) => void (bench.safety.armed = false),
  ],
  ['a standby whose haproxy is down', 'safety.refused', ({ b }) => void (b.haproxy = 'failed')],
  ['a standby that hears no adverts', 'safety.refused', ({ b }) => void (b.hearsAdverts = false)],
  ['a standby that cannot be asked', 'safety.refused', ({ b }) => void (b.sudo = false)],
  [
    'a standby that is out of reach',
    'safety.refused',
    ({ hosts }) =>
      void hosts.down.set('amphora-b', AppError.because('ssh.refused', 'Connection refused.')),
  ],
  ['two owners', 'safety.refused', ({ b }) => b.setVip(true)],
  [
    'a load balancer that is being changed',
    'safety.refused',
    ({ api }) => void (api.status = 'PENDING_UPDATE'),
  ],
  ['an API that does not answer', 'safety.refused', ({ api, pairs }) => breakApi(api, pairs)],
] satisfies [string, string, (bench: ReturnType<typeof actionBench>) => void | Promise<void>][])(
  'refuses with %s, and records the attempt',
  async (_name, reason, prepare) => {
    const bench = actionBench()
    await Promise.resolve(prepare(bench))
    const run = bench.actions.run({ ...subject('keepalived.stop'), confirmation: 'shop' }, signal)
    await expect(run).rejects.toMatchObject({ reason })
    expect(bench.sent()).toEqual([])
    expect(bench.entries).toMatchObject([{ end: { result: 'refused', failure: { reason } } }])
    expect(bench.entries[0]!.sent).toBeUndefined()
  },
)

it('refuses when the name is not the one that has to be typed', async () => {
  const { actions, sent, entries } = actionBench()
  const run = actions.run({ ...subject('keepalived.stop'), confirmation: 'shopping' }, signal)
  await expect(run).rejects.toMatchObject({
    reason: 'safety.confirmation',
    values: { name: 'shop' },
  })
  expect(sent()).toEqual([])
  expect(entries[0]?.end).toMatchObject({ result: 'refused' })
})

it('does it in spite of a check when the operator says why, and records the reason', async () => {
  const { actions, b, entries, sent } = actionBench()
  b.haproxy = 'failed'
  await actions.run(
    { ...subject('keepalived.stop'), confirmation: 'shop', override: 'drill 42' },
    signal,
  )
  expect(sent()).toHaveLength(1)
  expect(entries[0]!.start.notes).toEqual(
    expect.arrayContaining(['override: drill 42', 'check peerHaproxyRuns: fail']),
  )
})

it('sends nothing without a unit that the amphora reports, whatever the reason', async () => {
  const { actions, a, sent } = actionBench()
  a.haproxyUnits = [`haproxy-${LB}.service`, 'haproxy-11111111-2222-4333-8444-555555555555.service']
  const preview = await actions.preview(subject('haproxy.stop'), signal)
  expect(outcomes(preview.checks)).toMatchObject({ unitKnown: 'unknown' })
  expect(preview.command).toBe('')
  const run = actions.run(
    { ...subject('haproxy.stop'), confirmation: 'shop', override: 'I know' },
    signal,
  )
  await expect(run).rejects.toMatchObject({ reason: 'safety.refused' })
  expect(sent()).toEqual([])
})

it('records a command that failed, with its words', async () => {
  const { actions, a, entries } = actionBench()
  a.controlExit = 1
  const run = actions.run({ ...subject('keepalived.start'), confirmation: '' }, signal)
  await expect(run).rejects.toMatchObject({ reason: 'ssh.commandFailed' })
  expect(entries[0]?.end).toMatchObject({
    result: 'failed',
    failure: { reason: 'ssh.commandFailed', message: 'Job failed.' },
  })
})

it('says that an amphora is gone', async () => {
  const { actions, api } = actionBench()
  api.amphorae = api.amphorae.slice(1)
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 200)
  const preview = actions.preview(subject('keepalived.stop'), stop.signal)
  await expect(preview).rejects.toMatchObject({ reason: 'amphora.gone' })
})

async function breakApi(
  api: ReturnType<typeof pairBench>['api'],
  pairs: ReturnType<typeof pairBench>['pairs'],
): Promise<void> {
  const follower = new Follower(pairs)
  await follower.until(({ sides }) => sides.length === 2)
  api.failure = AppError.because('network.timeout', 'No answer.')
  pairs.refresh('cloud', LB)
  await follower.until(({ failure }) => failure !== undefined)
  await follower.leave()
}
