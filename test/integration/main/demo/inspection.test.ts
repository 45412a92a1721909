import { test, type TestContext } from 'vitest'
import type { DemoFault } from '../../../../preload/contract/app'
import type { Fact } from '../../../../preload/contract/common'
import type { AmphoraFacts, InspectionPart } from '../../../../preload/contract/inspect'
import type { Amphora } from '../../../../preload/contract/loadBalancer'
import { startDemo } from '../../../../main/demo/startDemo'
import type { SshHost } from '../../../../main/platform/ssh'
import { EvidenceStore } from '../../../../main/services/evidence'
import { Inspection } from '../../../../main/services/inspect/inspection'
import { list, signIn, text } from '../../../contract/api'
import { Shell } from '../../../contract/shell'
import { shellHost } from '../../../contract/shellHost'

const LIMIT = 60_000
const VIP = '192.168.30.101'

/** A demo cloud of its own, and what an inspection says of the first and the second amphora of lb1. */
async function stage({ onTestFinished }: TestContext) {
  const demo = await startDemo()
  onTestFinished(() => demo.close())
  const { jump: way, amphoraUser: username, privateKey } = demo.ssh
  const jump = await Shell.open({ host: way.host, port: way.port, username: way.user, privateKey })
  const cloud = { authUrl: demo.authUrl } as Parameters<typeof signIn>[0]
  const admin = await signIn(cloud, demo.credentials)
  const found = await admin.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
  const id = text(list(found.body['loadbalancers'])[0]!['id'])
  const path = `/v2.0/octavia/amphorae?loadbalancer_id=${id}`
  const hosts = new Map<string, SshHost>()
  const amphorae: Amphora[] = []
  for (const entry of list((await admin.octavia('GET', path)).body['amphorae'])) {
    const managementAddress = text(entry['lb_network_ip'])
    const sock = await jump.dial(managementAddress, 22)
    const shell = await Shell.open({ sock, username, privateKey })
    const amphora = { id: text(entry['id']), role: text(entry['role']), managementAddress }
    hosts.set(amphora.id, shellHost(shell) as unknown as SshHost)
    amphorae.push(amphora as Amphora)
  }
  const idOf = (role: string) => amphorae.find((each) => each.role === role)!.id
  const inspection = new Inspection({
    evidence: new EvidenceStore(),
    source: { amphorae: () => Promise.resolve(amphorae) },
    hosts: {
      connect: (_cloud, { amphoraId }) => Promise.resolve(hosts.get(amphoraId)!),
      jump: () => Promise.resolve(undefined),
    },
  })
  const look = (role: 'MASTER' | 'BACKUP', ...parts: InspectionPart[]) =>
    inspection.read('c', id, idOf(role), parts, AbortSignal.timeout(LIMIT))
  const fault = (name: DemoFault, on: boolean) => demo.faults.set(id, name, on)
  return { look, fault }
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT / 2
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`Never: ${String(what)}`)
    await new Promise((wake) => setTimeout(wake, 200))
  }
}

const known = <T>(fact: Fact<T>): T | undefined => ('value' in fact ? fact.value : undefined)
const eth1 = ({ namespace }: AmphoraFacts) =>
  known(namespace.interfaces)?.find(({ name }) => name === 'eth1')
const holdsVip = (facts: AmphoraFacts) =>
  eth1(facts)?.addresses.some(({ address }) => address === VIP) ?? false
const states = ({ services }: AmphoraFacts) =>
  Object.fromEntries((known(services) ?? []).map(({ role, active }) => [role, active]))

test.concurrent(
  'a stopped haproxy refuses its socket, leaves its ports, and its peer misses it',
  { timeout: LIMIT },
  async (context) => {
    const { look, fault } = await stage(context)
    fault('haproxy-stop', true)
    await until(async () => holdsVip(await look('BACKUP', 'namespace')))

    const facts = await look('MASTER', 'haproxy', 'namespace', 'services')
    const peer = await look('BACKUP', 'haproxy', 'namespace', 'services')
    const { expect } = context
    expect(facts.haproxy.info).toMatchObject({ unknown: 'amphora.haproxyDown' })
    expect(states(facts)['haproxy']).toBe('inactive')
    expect(known(facts.namespace.sockets)!.map(({ process }) => process)).not.toContain('haproxy')
    expect(known(peer.haproxy.info)).toMatchObject({ ConnectedPeers: '0' })
    expect(known(peer.haproxy.peers)).toContain('last_status=NONE')
    expect(known(peer.namespace.sockets)!.some(({ state }) => state === 'ESTAB')).toBe(false)

    for (const [each, isOwner] of [
      [facts, false],
      [peer, true],
    ] as const) {
      expect(holdsVip(each)).toBe(isOwner)
      expect(known(each.namespace.rules)!.some(({ from }) => from === VIP)).toBe(isOwner)
      expect(known(each.namespace.routes)!.some(({ table }) => table === '1')).toBe(isOwner)
    }
    fault('haproxy-stop', false)
    await until(async () => known((await look('MASTER', 'haproxy')).haproxy.info) !== undefined)
  },
)

test.concurrent(
  'a stopped keepalived ends heartbeats, and the agent complains',
  { timeout: LIMIT },
  async (context) => {
    const { look, fault } = await stage(context)
    fault('keepalived-stop', true)
    await until(async () => states(await look('MASTER', 'services'))['keepalived'] === 'inactive')

    const facts = await look('MASTER', 'agent', 'namespace')
    const { expect } = context
    expect(known(facts.agent.heartbeats)).toMatchObject({ targets: [] })
    expect(known(facts.namespace.sockets)!.some(({ local }) => local.endsWith(':112'))).toBe(false)
    await until(async () =>
      known((await look('MASTER', 'agent')).agent.complaints)!.some((line) =>
        line.includes('Missing keepalived PID file'),
      ),
    )
  },
)

test.concurrent(
  'a link that is down has no carrier, and a member that is down fails its checks',
  { timeout: LIMIT },
  async (context) => {
    const { look, fault } = await stage(context)
    fault('link-down', true)
    fault('member-down', true)
    const { expect } = context
    expect(eth1(await look('MASTER', 'namespace'))).toMatchObject({ carrier: false, state: 'DOWN' })
    // Which of the servers comes first in haproxy is up to their ids, which are random.
    const down = async () =>
      known((await look('BACKUP', 'haproxy')).haproxy.stat)!.filter(
        ({ kind, status }) => kind === 'server' && status === 'DOWN',
      )
    await until(async () => (await down()).length > 0)
    expect(await down()).toMatchObject([
      { columns: { check_status: expect.stringMatching(/^L4/) as string } },
    ])
  },
)
