import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SshHost } from '../../main/platform/ssh'
import { EvidenceStore } from '../../main/services/evidence'
import { haproxyQuestion, inspectionCommands } from '../../main/services/inspect/commands'
import { Inspection } from '../../main/services/inspect/inspection'
import { shellLine } from '../../main/platform/ssh/shellLine'
import type { Fact } from '../../preload/contract/common'
import { INSPECTION_PARTS, type AmphoraFacts } from '../../preload/contract/inspect'
import type { Amphora } from '../../preload/contract/loadBalancer'
import { list, signIn, text } from './api'
import type { Shell } from './shell'
import { shellHost } from './shellHost'
import type { Target } from './target'
import { report, TARGETS } from './targets'

describe.each(TARGETS)('Both amphorae of a pair of the $name, looked into', ({ name, open }) => {
  let target: Target
  let loadBalancerId: string
  let vip: string
  let evidence: EvidenceStore
  let inspection: Inspection
  const shells: Shell[] = []
  const hosts = new Map<string, ReturnType<typeof shellHost>>()
  const amphorae: Amphora[] = []
  let facts: AmphoraFacts[] = []

  beforeAll(async () => {
    target = await open()
    const admin = await signIn(target, target.admin)
    const found = await admin.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
    const lb1 = list(found.body['loadbalancers'])[0]!
    loadBalancerId = text(lb1['id'])
    vip = text(lb1['vip_address'])
    const path = `/v2.0/octavia/amphorae?loadbalancer_id=${loadBalancerId}`
    for (const entry of list((await admin.octavia('GET', path)).body['amphorae'])) {
      const shell = await target.connect(text(entry['lb_network_ip']))
      shells.push(shell)
      hosts.set(text(entry['id']), shellHost(shell))
      amphorae.push({
        id: text(entry['id']),
        managementAddress: text(entry['lb_network_ip']),
        vrrpAddress: text(entry['vrrp_ip']),
        role: text(entry['role']),
      } as Amphora)
    }
    amphorae.sort((one, other) => (one.role ?? '').localeCompare(other.role ?? '')).reverse()
    evidence = new EvidenceStore()
    inspection = new Inspection({
      evidence,
      source: { amphorae: () => Promise.resolve(amphorae) },
      hosts: {
        connect: (_cloud, { amphoraId }) =>
          Promise.resolve(hosts.get(amphoraId)! as unknown as SshHost),
        jump: () => Promise.resolve(undefined),
      },
    })
    facts = await Promise.all(
      amphorae.map(({ id }) =>
        inspection.read('cloud', loadBalancerId, id, INSPECTION_PARTS, AbortSignal.timeout(90_000)),
      ),
    )
  }, 120_000)
  afterAll(async () => {
    for (const shell of shells) shell.close()
    await target.close()
  })

  test('answer every question, a few commands at a time', async () => {
    for (const [index, each] of facts.entries()) {
      expect(unknownOf(each)).toEqual([])
      const host = hosts.get(amphorae[index]!.id)!
      expect(host.most).toBeLessThanOrEqual(5)
      expect(host.lines.length).toBeLessThan(45)
    }
    const before = Date.now()
    await inspection.read(
      'cloud',
      loadBalancerId,
      amphorae[0]!.id,
      INSPECTION_PARTS.filter((part) => part !== 'agent'),
      AbortSignal.timeout(90_000),
    )
    report(name, 'inspection without the agent', Date.now() - before)
  })

  test('prove each fact by a record without secrets', () => {
    for (const each of facts) {
      for (const [path, fact] of factsOf(each)) {
        expect(fact.evidence, path).toBeDefined()
        const record = evidence.read(fact.evidence!)
        expect(record.stdout).not.toMatch(/auth_pass (?!‹)|heartbeat_key = (?!‹)|BEGIN .*PRIVATE/)
      }
    }
    const words = JSON.stringify(facts)
    expect(words).not.toMatch(/auth_pass (?!‹)|heartbeat_key = (?!‹)|PRIVATE KEY/)
    expect(known(facts[0]!.agent.settings)).not.toHaveProperty('health_manager.heartbeat_key')
  })

  test('have addresses, rules and routes as their roles want them', () => {
    const holds = facts.map(({ namespace }) =>
      known(namespace.interfaces)
        .find(({ name: device }) => device === 'eth1')!
        .addresses.some(({ address, prefixLength }) => address === vip && prefixLength === 32),
    )
    expect(holds.filter(Boolean)).toHaveLength(1)
    for (const [index, { namespace }] of facts.entries()) {
      const isOwner = holds[index]!
      const { rules, routes, neighbours } = namespace
      expect(known(rules).some(({ from, table }) => from === vip && table === '1')).toBe(isOwner)
      const own = known(routes).filter(({ table }) => table === '1')
      expect(own).toEqual(
        isOwner
          ? [
              expect.objectContaining({ destination: 'default', device: 'eth1' }),
              expect.objectContaining({ source: vip, protocol: 'keepalived', scope: 'link' }),
            ]
          : [],
      )
      const peer = amphorae[1 - index]!.vrrpAddress
      expect(known(neighbours).find(({ address }) => address === peer)?.device).toBe('eth1')
      const eth1 = known(namespace.interfaces).find(({ name: device }) => device === 'eth1')!
      expect(eth1).toMatchObject({ state: 'UP', carrier: true })
      expect(eth1.received!.octets).toBeGreaterThan(0)
      const outer = known(namespace.outerInterfaces)
      expect(outer.map(({ name: device }) => device)).toEqual(['lo', 'eth0'])
      expect(known(namespace.conntrack).limit).toBeGreaterThan(1000)
      expect(known(namespace.nft)).toContain('table ip octavia-ipv4 {')
    }
  })

  test('listen where traffic, peers, VRRP, the agent and sshd come in', () => {
    for (const [index, { namespace }] of facts.entries()) {
      const own = amphorae[index]!.vrrpAddress!
      const peer = amphorae[1 - index]!.vrrpAddress!
      const sockets = known(namespace.sockets)
      expect(sockets).toContainEqual(
        expect.objectContaining({ state: 'LISTEN', local: `${vip}:80`, process: 'haproxy' }),
      )
      expect(sockets).toContainEqual(
        expect.objectContaining({ protocol: 'raw', local: `${own}:112`, process: 'keepalived' }),
      )
      const between = sockets.filter(({ state }) => state === 'ESTAB')
      expect(between.some(({ local, remote }) => `${local} ${remote}`.includes(peer))).toBe(true)
      const outer = known(namespace.outerSockets!)
      expect(outer).toContainEqual(
        expect.objectContaining({ protocol: 'tcp', state: 'LISTEN', local: '*:9443' }),
      )
      expect(outer).toContainEqual(
        expect.objectContaining({ local: '0.0.0.0:22', process: 'sshd' }),
      )
    }
  })

  test('tell their services, each with its role', () => {
    for (const { services } of facts) {
      const loaded = known(services).filter(({ load }) => load === 'loaded')
      const states = loaded.map(({ role, active, sub }) => `${role} ${active} ${sub}`)
      expect(states.toSorted()).toEqual([
        'agent active running',
        'haproxy active running',
        'keepalived active running',
        'netns active exited',
        'prometheus active running',
      ])
      const haproxy = loaded.find(({ role }) => role === 'haproxy')!
      expect(haproxy).toMatchObject({ result: 'success', description: 'HAProxy Load Balancer' })
      expect(haproxy.path).toMatch(/\/systemd\/system\/haproxy-.*\.service$/)
      expect(haproxy.since).toBeLessThan(Date.now())
    }
  })

  test('show their files with digests, and no secrets in them', () => {
    const [one, other] = facts.map(({ files }) => known(files))
    const find = (files: typeof one, kind: string) => files!.find((file) => file.kind === kind)!
    for (const files of [one, other]) {
      for (const kind of ['keepalived', 'haproxy', 'agent', 'unit', 'interface', 'checkScript']) {
        expect(find(files, kind).digest).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/)
      }
      expect(find(files, 'keepalived').redacted).toEqual(['auth_pass'])
      expect(find(files, 'keepalived').mode).toBe('644')
      expect(find(files, 'haproxy').mode).toBe('600')
      expect(find(files, 'haproxy').text).toContain(`# Configuration for loadbalancer`)
      expect(find(files, 'agent').redacted).toEqual(['heartbeat_key'])
      expect(files!.some(({ path }) => path.includes('/certs/'))).toBe(false)
    }
    expect(find(one, 'haproxy').digest).toBe(find(other, 'haproxy').digest)
    expect(find(one, 'keepalived').digest).not.toBe(find(other, 'keepalived').digest)
  })

  test('let haproxy tell what it does, and whether its peer is there', () => {
    for (const { haproxy } of facts) {
      expect(known(haproxy.info)).toMatchObject({ Name: 'HAProxy', ConnectedPeers: '1' })
      const rows = known(haproxy.stat)
      expect(rows.map(({ kind }) => kind)).toEqual(['frontend', 'server', 'server', 'backend'])
      expect(rows.map(({ status }) => status)).toEqual(['OPEN', 'UP', 'UP', 'UP'])
      expect(rows[1]!.columns).toMatchObject({ check_status: 'L7OK', check_code: '200' })
      expect(rows[1]!.columns['check_desc']).toBe('Layer7 check passed')
      const servers = known(haproxy.servers)
      expect(servers.map((server) => server['srv_op_state'])).toEqual(['2', '2'])
      expect(servers.map((server) => server['srv_check_status'])).toEqual(['15', '15'])
      expect(known(haproxy.peers)).toMatch(/\(remote,active\) addr=\S+:1025 last_status=ESTA/)
    }
  })

  test.each(['socat', 'python3'] as const)('answer a question through %s', async (tool) => {
    const line = shellLine(inspectionCommands.haproxySocket(tool, loadBalancerId))
    const answer = await shells[0]!.run(line, `${haproxyQuestion('live')}\n`)
    expect(answer).toMatchObject({ exit: 0, stderr: '' })
    expect(answer.stdout).toMatch(/^Name: HAProxy\n[\s\S]*\n\n# pxname,svname,/)
  })

  test.each([
    ['socat', /No such file or directory/],
    ['python3', /FileNotFoundError: \[Errno 2\] No such file or directory/],
  ] as const)('say through %s that there is no socket', async (tool, words) => {
    const none = '00000000-0000-4000-8000-000000000000'
    const line = shellLine(inspectionCommands.haproxySocket(tool, none))
    const answer = await shells[0]!.run(line, `${haproxyQuestion('live')}\n`)
    expect(answer).toMatchObject({ exit: 1, stdout: '' })
    expect(answer.stderr).toMatch(words)
  })

  test('have agents of one cloud, whose heartbeats leave and whose certificates are valid', () => {
    for (const [index, { agent }] of facts.entries()) {
      const { id } = amphorae[index]!
      expect(known(agent.settings)).toMatchObject({
        'health_manager.controller_ip_port_list': '10.77.0.1:5555',
        'health_manager.heartbeat_interval': '5',
        'amphora_agent.amphora_id': id,
      })
      const heartbeats = known(agent.heartbeats)
      expect(heartbeats.targets).toEqual([{ address: '10.77.0.1', count: 1 }])
      expect(known(agent.certificate)).toMatchObject({ subject: `CN=${id}` })
      const { notBefore, notAfter } = known(agent.certificate)
      expect(notBefore).toBeLessThan(Date.now())
      expect(notAfter).toBeGreaterThan(Date.now())
      expect(known(agent.clientCa).subject).toMatch(/^CN=/)
    }
    const [one, other] = facts.map(({ agent }) => known(agent.heartbeatKeyDigest))
    expect(one).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/)
    expect(one).toBe(other)
  })

  test('tell of the machines they are', () => {
    for (const [index, { system }] of facts.entries()) {
      expect(known(system.hostname)).toBe(`amphora-${amphorae[index]!.id}`)
      expect(known(system.distribution)).toBe('Debian GNU/Linux 12 (bookworm)')
      expect(known(system.versions)).toEqual({
        keepalived: '2.2.7',
        haproxy: expect.stringMatching(/^2\.6\.12/) as string,
        agent: '11.0.0',
        python: '3.11.2',
      })
      expect(known(system.bootedAt)).toBeLessThan(Date.now())
      expect(known(system.processors)).toBe(2)
      const { total, available } = known(system.memory)
      expect(available).toBeLessThan(total)
      const root = known(system.disks).find(({ mount }) => mount === '/')!
      expect(root.used).toBeLessThan(root.size)
      expect(known(system.steal)).toBeLessThan(100)
    }
  })

  test('show their advertisements on the wire, without the password', async () => {
    const stop = new AbortController()
    const [master, backup] = amphorae
    const packets = []
    let record = ''
    for await (const item of inspection.vrrp('c', loadBalancerId, backup!.id, stop.signal)) {
      packets.push(...item.packets)
      record = item.evidence
      if (packets.length >= 3) stop.abort()
    }
    for (const packet of packets) {
      expect(packet).toMatchObject({
        source: master!.vrrpAddress,
        destination: backup!.vrrpAddress,
        version: 2,
        virtualRouterId: 1,
        priority: 100,
        advertInterval: 1,
        addresses: [vip],
        authentication: 'password',
        ttl: 255,
        checksumRight: true,
      })
    }
    const shown = evidence.read(record)
    expect(shown.stdout).toMatch(/: VRRPv2, Advertisement, \(ttl 255\), vrid 1, prio 100, authtype/)
    expect(Math.abs(packets[0]!.at - Date.now())).toBeLessThan(20_000)
  }, 30_000)

  test('let haproxy be followed', async () => {
    const stop = new AbortController()
    let count = 0
    const { id } = amphorae[0]!
    for await (const item of inspection.follow('c', loadBalancerId, id, 500, stop.signal)) {
      expect(known(item.haproxy.stat)).toHaveLength(4)
      count += 1
      if (count === 3) stop.abort()
    }
    expect(count).toBe(3)
  })
})

type AnyFact = Fact<unknown>

/** Every fact of an amphora with its place. */
function factsOf(value: object, path = ''): [string, AnyFact][] {
  return Object.entries(value).flatMap(([key, each]: [string, unknown]): [string, AnyFact][] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return []
    const isFact = 'unknown' in each || ('value' in each && 'at' in each)
    return isFact ? [[`${path}${key}`, each as AnyFact]] : factsOf(each, `${path}${key}.`)
  })
}

const unknownOf = (facts: AmphoraFacts): string[] =>
  factsOf(facts).flatMap(([path, fact]) => ('unknown' in fact ? [`${path}: ${fact.unknown}`] : []))

function known<T>(fact: Fact<T>): T {
  if (!('value' in fact)) throw new Error(`unknown: ${fact.unknown}`)
  return fact.value
}
