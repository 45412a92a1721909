import { afterEach, expect, it } from 'vitest'
import { AppError } from '../../../../../preload/contract/error'
import type { Pair } from '../../../../../preload/contract/pair'
import { Follower, pairBench, side, until } from '../../../../support/pairBench'
import { LB, ScriptedAmphora, VIP } from '../../../../support/scriptedAmphora'

const benches: ReturnType<typeof pairBench>[] = []
function bench() {
  const made = pairBench()
  benches.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(benches.splice(0).map(({ pairs }) => pairs.close()))
})

const isKnown = ({ sides }: Pair) =>
  sides.length === 2 && sides.every(({ vrrp, vips }) => 'value' in vrrp && 'value' in vips)

it('knows the owner from both kernels, and the rest from keepalived and systemd', async () => {
  const { pairs } = bench()
  const follower = new Follower(pairs)
  const pair = await follower.until(isKnown)
  expect(pair).toMatchObject({
    vips: [VIP],
    topology: 'pair',
    ownership: { kind: 'one', amphoraId: 'amphora-a', confirmed: true },
  })
  expect(side(pair, 'amphora-a')).toMatchObject({
    connection: { state: 'live' },
    vips: { value: [VIP] },
    vrrp: { value: 'MASTER' },
    effectivePriority: { value: 100 },
    keepalived: { value: { active: 'active', unit: 'octavia-keepalived.service' } },
    haproxy: { value: { active: 'active', unit: `haproxy-${LB}.service` } },
  })
  expect(side(pair, 'amphora-b')).toMatchObject({
    vips: { value: [] },
    vrrp: { value: 'BACKUP' },
    adverts: { value: { sent: 24 } },
  })
  await follower.leave()
})

it('proves each fact with the command and its answer, without the password', async () => {
  const { pairs, evidence } = bench()
  const follower = new Follower(pairs)
  const { vrrp, vips, clock, keepalived } = side(await follower.until(isKnown), 'amphora-a')
  const proofs = [vrrp, vips, clock, keepalived].map(({ evidence: id }) => evidence.read(id!))
  expect(proofs.map(({ source }) => source.kind === 'command' && source.command)).toEqual([
    'sudo -n cat /tmp/keepalived.json',
    'sudo -n ip -n amphora-haproxy -j address show',
    'date +%s.%N',
    expect.stringContaining('systemctl show'),
  ])
  expect(proofs[0]!.redacted).toEqual(['auth_data'])
  expect(proofs[0]!.stdout).not.toContain('3c9be7f')
  await follower.leave()
})

it('starts the stream of changes before it reads the addresses', async () => {
  const { pairs, a } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  const order = a.commands.filter((text) => /address$|address show$/.test(text))
  expect(order[0]).toContain('monitor address')
  await follower.leave()
})

it('tells each new watcher where the sides stand, before anything moves', async () => {
  const { pairs } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  await until(() => follower.events.filter(({ kind }) => kind.startsWith('vip')).length === 2)
  const late = new Follower(pairs)
  await until(() => late.events.filter(({ kind }) => kind.startsWith('vip')).length === 2)
  expect(late.events).toEqual(follower.events)
  expect(late.events).toContainEqual(
    expect.objectContaining({
      kind: 'vipGained',
      amphoraId: 'amphora-a',
      address: VIP,
      standing: true,
    }),
  )
  expect(late.events).toContainEqual(
    expect.objectContaining({
      kind: 'vipLost',
      amphoraId: 'amphora-b',
      address: VIP,
      standing: true,
    }),
  )
  await follower.leave()
  await late.leave()
})

it('tells a move of the VIP as the kernels told it, corrected by the offset of each clock', async () => {
  const { pairs, a, b } = bench()
  a.aheadMs = 5000
  b.aheadMs = -3000
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  const before = Date.now()
  const seen = follower.events.length
  const moves = () => follower.events.slice(seen).filter(({ kind }) => kind.startsWith('vip'))
  a.setVip(false)
  await follower.until(({ ownership }) => ownership.kind === 'none')
  b.setVip(true)
  const pair = await follower.until(({ ownership }) => ownership.kind === 'one')
  expect(pair.ownership).toMatchObject({ amphoraId: 'amphora-b', confirmed: true })

  await until(() => moves().length > 1)
  expect(moves().map(({ kind }) => kind)).toEqual(['vipLost', 'vipGained'])
  for (const { at, errorMs, evidence } of moves()) {
    expect(at).toBeGreaterThan(before - 50)
    expect(at).toBeLessThan(Date.now() + 50)
    expect(errorMs).toBeLessThan(50)
    expect(evidence).toBeDefined()
  }
  await follower.leave()
})

it('sees two owners, and none', async () => {
  const { pairs, a, b } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  b.setVip(true)
  const two = await follower.until(({ ownership }) => ownership.kind === 'two')
  expect(two.ownership).toMatchObject({ amphoraIds: ['amphora-a', 'amphora-b'] })
  a.setVip(false)
  b.setVip(false)
  await follower.until(({ ownership }) => ownership.kind === 'none')
  await follower.leave()
})

it('never calls the silent old owner an owner when the other side takes the VIP', async () => {
  const { pairs, a, b } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  a.silent = true
  const seen = follower.pairs.length
  b.setVip(true)
  const pair = await follower.until(
    ({ ownership }) => ownership.kind === 'one' && !ownership.confirmed,
  )
  expect(pair.ownership).toMatchObject({ amphoraId: 'amphora-b' })
  expect(side(pair, 'amphora-a').vips).toMatchObject({ unknown: 'stale' })
  const kinds = follower.pairs.slice(seen).map(({ ownership }) => ownership.kind)
  expect(kinds).not.toContain('two')
  await follower.leave()
})

it('knows nothing of a side whose connection is lost, and everything again afterwards', async () => {
  const { pairs, a, hosts } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  hosts.down.set('amphora-a', AppError.because('ssh.refused', 'Connection refused.'))
  a.cut()
  const lost = await follower.until(({ sides }) => sides[0]?.connection.state === 'lost')
  const { vips, vrrp, haproxy, connection } = side(lost, 'amphora-a')
  expect([vips, vrrp, haproxy].every((fact) => 'unknown' in fact)).toBe(true)
  expect(connection.retryAt).toBeGreaterThan(connection.since)
  expect(lost.ownership).toEqual({ kind: 'unknown', missing: ['amphora-a'] })

  hosts.down.clear()
  pairs.refresh('cloud', LB)
  const again = await follower.until((pair) => pair.ownership.kind === 'one' && isKnown(pair))
  expect(side(again, 'amphora-a').connection.state).toBe('live')
  const watched = follower.events.flatMap((event) =>
    event.kind === 'watch' && event.amphoraId === 'amphora-a' ? [event.live] : [],
  )
  expect(watched).toEqual([true, false, true])
  await follower.leave()
})

it('is unsure at once when only the stream of changes ends, and says why', async () => {
  const { pairs, a } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  a.endStream('monitor', 'Cannot open network namespace "amphora-haproxy": No such file\n')
  const pair = await follower.until(({ sides }) => 'unknown' in sides[0]!.vips)
  expect(side(pair, 'amphora-a')).toMatchObject({
    connection: { state: 'live' },
    vips: { unknown: 'amphora.noNamespace', evidence: expect.any(String) as string },
  })
  await follower.until(({ ownership }) => ownership.kind === 'one' && ownership.confirmed)
  await follower.leave()
})

it('says which facts need sudo, and tells the others', async () => {
  const { pairs, a } = bench()
  a.sudo = false
  const follower = new Follower(pairs)
  const pair = await follower.until(
    ({ sides }) =>
      sides.length === 2 &&
      sides.every(({ vrrp }) => !('unknown' in vrrp && vrrp.unknown === 'notYet')),
  )
  expect(side(pair, 'amphora-a')).toMatchObject({
    clock: { value: { errorMs: expect.any(Number) as number } },
    keepalived: { value: { active: 'active' } },
    vips: { unknown: 'ssh.sudo' },
    vrrp: { unknown: 'ssh.sudo' },
  })
  expect(pair.ownership).toEqual({ kind: 'unknown', missing: ['amphora-a'] })
  await follower.leave()
})

it('works without SSH: what the API tells, and why the rest is not known', async () => {
  const { pairs, hosts } = bench()
  const refused = AppError.because('ssh.authentication', 'All methods failed.')
  for (const id of ['amphora-a', 'amphora-b']) hosts.down.set(id, refused)
  const follower = new Follower(pairs)
  const pair = await follower.until(
    ({ sides }) =>
      sides.length === 2 && sides.every(({ connection }) => connection.state === 'failed'),
  )
  expect(pair.vips).toEqual([VIP])
  expect(pair.ownership).toEqual({ kind: 'unknown', missing: ['amphora-a', 'amphora-b'] })
  for (const { role, vips, connection } of pair.sides) {
    expect(role).toMatch(/MASTER|BACKUP/)
    expect(vips).toMatchObject({ unknown: 'ssh.authentication' })
    // Nobody is asked for the same password again and again.
    expect(connection.retryAt).toBeUndefined()
  }
  const attempts = hosts.asked.length
  pairs.refresh('cloud', LB)
  await until(() => hosts.asked.length === attempts + 2)
  await follower.leave()
})

it('tells that the API does not answer, and goes on watching', async () => {
  const { pairs, api, a, b } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  api.failure = AppError.because('octavia.forbidden', 'Policy does not allow it.')
  pairs.refresh('cloud', LB)
  await follower.until(({ failure }) => failure?.reason === 'octavia.forbidden')
  a.setVip(false)
  b.setVip(true)
  await follower.until(
    ({ ownership }) => ownership.kind === 'one' && ownership.amphoraId === 'amphora-b',
  )
  await follower.leave()
})

it('adopts the replacement after a failover, and forgets the amphora that is gone', async () => {
  const { pairs, api, hosts, a, b } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  const c = new ScriptedAmphora('amphora-c', a.address)
  hosts.amphorae.push(c)
  api.amphorae = [c, b]
  api.status = 'PENDING_UPDATE'
  b.setVip(true)
  pairs.refresh('cloud', LB)
  const pair = await follower.until(
    (now) => now.sides.some(({ amphoraId }) => amphoraId === 'amphora-c') && isKnown(now),
  )
  expect(pair.sides.map(({ amphoraId }) => amphoraId).sort()).toEqual(['amphora-b', 'amphora-c'])
  expect(pair.ownership).toMatchObject({ kind: 'one', amphoraId: 'amphora-b', confirmed: true })
  const statuses = follower.events.flatMap((event) =>
    event.kind === 'api' ? [event.provisioningStatus] : [],
  )
  expect(statuses).toEqual(['ACTIVE', 'PENDING_UPDATE'])
  await until(() => a.streams === 0)
  await follower.leave()
})

it('begins each log with its history, goes on live, and makes events of what matters for failover', async () => {
  const { pairs, a } = bench()
  for (let count = 1; count <= 8; count += 1) a.log(`(x) Entering BACKUP STATE ${String(count)}`)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const follower = new Follower(pairs, 3)
  await until(() => follower.texts.length >= 3)
  expect(follower.texts).toEqual(
    [6, 7, 8].map((count) => `(x) Entering BACKUP STATE ${String(count)}`),
  )
  await until(() => follower.items.some((item) => item.kind === 'log' && item.state === 'live'))
  await until(() =>
    a.commands.some((text) => text.includes('--follow') && text.includes('journalctl')),
  )
  a.log('(7a1f3c5294c44d6e9a1b0c5d3e7f8a10) Entering FAULT STATE')
  a.log('Printing VRRP as json for process(370) on signal')
  await until(() => follower.texts.length >= 5)
  const lines = follower.events.filter(({ kind }) => kind === 'line')
  expect(lines).toMatchObject([{ meaning: 'enterFault', amphoraId: 'amphora-a' }])
  await follower.leave()
})

it('gives a later follower more history when it asks for more, each line once', async () => {
  const { pairs, a } = bench()
  for (let count = 1; count <= 8; count += 1) a.log(`line ${String(count)}`)
  const first = new Follower(pairs, 2)
  await until(() => first.texts.length === 2)
  const second = new Follower(pairs, 6)
  await until(() => second.texts.length === 6)
  expect([...second.texts].sort()).toEqual(
    [3, 4, 5, 6, 7, 8].map((count) => `line ${String(count)}`),
  )
  expect(new Set(first.texts).size).toBe(first.texts.length)
  await first.leave()
  await second.leave()
})

it('asks keepalived by the old signals where it was built without JSON', async () => {
  const { pairs, a } = bench()
  // The text dumps were captured on a backup.
  a.hasJsonDump = false
  const follower = new Follower(pairs)
  const pair = await follower.until(isKnown)
  expect(side(pair, 'amphora-a')).toMatchObject({
    vrrp: { value: 'BACKUP' },
    effectivePriority: { value: 90 },
    adverts: { value: { sent: expect.any(Number) as number } },
  })
  await follower.leave()
})

it('knows that a keepalived that does not run is stopped, without asking it', async () => {
  const { pairs, a } = bench()
  a.keepalived = 'inactive'
  const follower = new Follower(pairs)
  const pair = await follower.until(isKnown)
  expect(side(pair, 'amphora-a')).toMatchObject({
    vrrp: { value: 'STOPPED' },
    adverts: { unknown: 'keepalivedStopped' },
  })
  expect(a.commands.some((text) => text.includes('systemctl kill'))).toBe(false)
  await follower.leave()
})

it('finds a move that the stream of changes did not tell, within the time nobody saw it', async () => {
  const { pairs, a, b } = bench()
  const follower = new Follower(pairs)
  await follower.until(isKnown)
  await until(() => follower.events.filter(({ kind }) => kind.startsWith('vip')).length === 2)
  a.setVip(false, { told: false })
  b.setVip(true, { told: false })
  pairs.refresh('cloud', LB)
  await follower.until(
    ({ ownership }) => ownership.kind === 'one' && ownership.amphoraId === 'amphora-b',
  )
  await until(() => follower.events.filter(({ kind }) => kind.startsWith('vip')).length === 4)
  const moves = follower.events.filter(({ kind }) => kind.startsWith('vip')).slice(2)
  expect(moves.map(({ kind }) => kind).sort()).toEqual(['vipGained', 'vipLost'])
  for (const { at, errorMs } of moves) expect(at + errorMs).toBeLessThanOrEqual(Date.now())
  await follower.leave()
})

it('watches a pair once for all who follow it, and ends some time after the last has left', async () => {
  const { pairs, a, b, hosts } = bench()
  const followers = [new Follower(pairs), new Follower(pairs), new Follower(pairs)]
  await Promise.all(followers.map((follower) => follower.until(isKnown)))
  // One connection to watch and one for the log, on each side.
  expect(hosts.asked.length).toBe(4)
  expect(a.streams).toBe(2)
  await Promise.all(followers.map((follower) => follower.leave()))
  await until(() => a.streams === 0 && b.streams === 0)
  const sent = a.commands.length
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(a.commands.length).toBe(sent)
})

it('connects to no amphora whose key was never accepted, until somebody attends who may be asked', async () => {
  const { pairs, hosts, known } = bench()
  known.delete('amphora-b')
  const { watch, release } = pairs.useQuietly('cloud', LB)
  await until(() => watch.pair.sides.length === 2)
  await until(() => watch.pair.sides.every(({ connection }) => connection.state !== 'connecting'))
  expect(side(watch.pair, 'amphora-a').connection.state).toBe('live')
  expect(side(watch.pair, 'amphora-b').connection).toMatchObject({
    state: 'failed',
    failure: { reason: 'ssh.hostKeyUnknown' },
  })
  expect(hosts.asked).not.toContain('amphora-b')

  const follower = new Follower(pairs)
  await follower.until((pair) => side(pair, 'amphora-b').connection.state === 'live')
  await follower.leave()
  release()
})
