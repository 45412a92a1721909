import type {
  AmphoraFacts,
  ConfigFile,
  HaproxyRow,
  ServiceState,
} from '../../../../../preload/contract/inspect'
import type { PairSide } from '../../../../../preload/contract/pair'
import { redact } from '../../../../../main/domain/redact'
import { capture } from '../captures'
import {
  DAY,
  IDS,
  isFirst,
  known,
  LISTENER,
  LOAD_BALANCER,
  LONG_AGO,
  MEMBERS,
  NOW,
  number,
  POOL,
  VIP,
} from './healthyPair'

export const live = (who: 'amp1' | 'amp2'): PairSide => ({
  amphoraId: IDS[who],
  role: isFirst(who) ? 'MASTER' : 'BACKUP',
  managementAddress: `10.77.0.1${number(who)}`,
  connection: { state: 'live', since: LONG_AGO },
  clock: known({ offsetMs: isFirst(who) ? 3 : -4, errorMs: 6 }),
  vips: known(isFirst(who) ? [VIP] : []),
  vrrp: known(isFirst(who) ? 'MASTER' : 'BACKUP'),
  lastTransition: known(LONG_AGO),
  effectivePriority: known(isFirst(who) ? 100 : 90),
  basePriority: known(isFirst(who) ? 100 : 90),
  adverts: known({ sent: 3605, received: 4 }),
  keepalived: known(unit('keepalived')),
  haproxy: known(unit('haproxy')),
})

const UNITS = {
  keepalived: 'octavia-keepalived.service',
  haproxy: `haproxy-${LOAD_BALANCER}.service`,
  agent: 'amphora-agent.service',
  netns: 'amphora-netns.service',
} as const

const unit = (role: keyof typeof UNITS): ServiceState => ({
  role,
  unit: UNITS[role],
  load: 'loaded',
  active: 'active',
  sub: role === 'netns' ? 'exited' : 'running',
  since: LONG_AGO,
  restarts: 0,
  result: 'success',
})

export function inspection(who: 'amp1' | 'amp2'): AmphoraFacts {
  const mine = `10.77.1.1${number(who)}`
  const address = (text: string, prefixLength: number) =>
    ({ address: text, prefixLength, family: text.includes(':') ? 6 : 4, flags: [] }) as const
  const link = (name: string, addresses: ReturnType<typeof address>[]) =>
    ({ name, state: 'UP', carrier: true, mtu: 1450, addresses }) as const
  return {
    amphoraId: IDS[who],
    startedAt: NOW - 2500,
    endedAt: NOW - 2000,
    clock: known({ offsetMs: 0, errorMs: 10 }),
    namespace: {
      interfaces: known([
        { ...link('lo', [address('127.0.0.1', 8)]), state: 'UNKNOWN' },
        link('eth1', [
          address(mine, 24),
          ...(isFirst(who) ? [address(VIP, 32)] : []),
          address('fe80::f816:3eff:fe77:111', 64),
        ]),
        link('eth2', [address(`10.77.2.1${number(who)}`, 24)]),
      ]),
      outerInterfaces: known([link('eth0', [address(`10.77.0.1${number(who)}`, 24)])]),
      routes: known([]),
      rules: known([]),
      neighbours: known([]),
      sockets: known([]),
      nft: known(''),
      conntrack: known({ count: 3, limit: 125_000 }),
    },
    services: known([unit('keepalived'), unit('haproxy'), unit('agent'), unit('netns')]),
    files: known([
      file(
        'keepalived',
        '/var/lib/octavia/vrrp/octavia-keepalived.conf',
        `${who}.octavia-keepalived.conf`,
      ),
      file('haproxy', `/var/lib/octavia/${LOAD_BALANCER}/haproxy.cfg`, `${who}.haproxy.cfg`),
      file('agent', '/etc/octavia/amphora-agent.conf', `${who}.amphora-agent.conf`),
      {
        ...textFile(
          'rsyslog',
          '/etc/rsyslog.d/10-rsyslog.conf',
          'local0.=info call tenant_forwarding\n',
        ),
      },
      textFile(
        'checkScript',
        '/var/lib/octavia/vrrp/check_scripts/haproxy_check_script.sh',
        `haproxy-vrrp-check /var/lib/octavia/${LOAD_BALANCER}.sock; exit $?`,
      ),
    ]),
    haproxy: {
      info: known({
        Version: '2.6.12-1+deb12u4',
        Uptime_sec: '926',
        ActivePeers: '1',
        ConnectedPeers: '1',
      }),
      stat: known(rows()),
      servers: known([]),
      peers: known(''),
    },
    agent: {
      settings: known({
        'health_manager.controller_ip_port_list': '10.77.0.1:5555',
        'health_manager.heartbeat_interval': '10',
      }),
      heartbeatKeyDigest: known('one'),
      certificate: known({
        ...certificate(25),
        path: '/etc/octavia/certs/server.pem',
        keyIdentifiers: true,
      }),
      clientCa: known({ ...certificate(3000), path: '/etc/octavia/certs/client_ca.pem' }),
      heartbeats: known({ seconds: 25, targets: [{ address: '10.77.0.1:5555', count: 3 }] }),
      complaints: known([]),
    },
    system: {
      hostname: known(`amphora-${IDS[who]}`),
      distribution: known('Debian GNU/Linux 12 (bookworm)'),
      kernel: known('6.1.0'),
      bootedAt: known(NOW - 5 * DAY + 40_000),
      versions: known({ keepalived: '2.2.7', haproxy: '2.6.12-1+deb12u4', agent: '11.0.0' }),
      load: known([1.19, 1.9, 1.71]),
      processors: known(2),
      memory: known({ total: 1_000_000_000, available: 700_000_000, swapUsed: 0 }),
      disks: known([{ mount: '/', size: 2_000_000_000, used: 1_000_000_000, filesystem: 'ext4' }]),
      kernelMessages: known([]),
      steal: known(0.2),
    },
  }
}

const certificate = (days: number) => ({
  path: '',
  subject: 'CN=amphora',
  issuer: 'CN=ServerRootCA',
  serial: '01',
  notBefore: NOW - 5 * DAY,
  notAfter: NOW + days * DAY,
})

const textFile = (kind: ConfigFile['kind'], path: string, text: string): ConfigFile => {
  const clean = redact(text)
  return { kind, path, text: clean.text, redacted: clean.found, digest: '0' }
}

const file = (kind: ConfigFile['kind'], path: string, fixture: string): ConfigFile =>
  textFile(kind, path, capture(`configurations/live/${fixture}`))

/** As `show stat` was captured, the columns that rules look at. */
function rows(): HaproxyRow[] {
  const proxy = `${POOL}:${LISTENER}`
  return [
    {
      kind: 'frontend',
      proxy: LISTENER,
      name: 'FRONTEND',
      status: 'OPEN',
      columns: { scur: '0', slim: '2000' },
    },
    ...MEMBERS.map((name) => ({
      kind: 'server' as const,
      proxy,
      name,
      status: 'UP',
      columns: { check_status: 'L7OK', last_chk: '' },
    })),
    { kind: 'backend', proxy, name: 'BACKEND', status: 'UP', columns: { scur: '0', slim: '2000' } },
  ]
}
