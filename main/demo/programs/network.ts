import type { Machine } from '../amphora/machine'
import type { Invocation, Program } from './program'

interface Line {
  protocol: string
  state: string
  queue: number
  local: string
  remote?: string
  users: string
}

/** `ss`: the sockets of the namespace or of the management side, by what runs. */
export const ss: Program = (call) => {
  const letters = call.argv.filter((word) => /^-\w+$/.test(word)).join('')
  const onlyWaiting = letters.includes('l')
  const kinds = { t: 'tcp', u: 'udp', w: 'raw' }
  const asked = Object.entries(kinds).filter(([letter]) => letters.includes(letter))
  const port = /[sd]port = :(\d+)/.exec(call.argv.join(' '))?.[1]
  const lines = (call.inNamespace ? inside(call.machine) : outside(call.machine)).filter(
    ({ protocol, state, local, remote = '' }) =>
      (!asked.length || asked.some(([, name]) => name === protocol)) &&
      (!onlyWaiting || state !== 'ESTAB') &&
      (port === undefined || local.endsWith(`:${port}`) || remote.endsWith(`:${port}`)),
  )
  print(call, lines, asked.length !== 1)
  return 0
}

function print(
  { out, root, argv }: Invocation,
  lines: readonly Line[],
  namesProtocol: boolean,
): void {
  const heading = `${namesProtocol ? 'Netid ' : ''}State  Recv-Q Send-Q  Local Address:Port Peer Address:PortProcess\n`
  if (!argv.includes('-H')) out(heading)
  const withUsers = root && argv.some((word) => /^-\w*p/.test(word))
  for (const { protocol, state, queue, local, remote = '0.0.0.0:*', users } of lines) {
    const head = namesProtocol ? `${protocol.padEnd(5)} ` : ''
    const tail = withUsers ? ` users:((${users}))` : ''
    out(
      `${head}${state.padEnd(6)} 0      ${String(queue).padEnd(6)} ${local.padStart(20)} ${remote.padStart(20)}${tail}\n`,
    )
  }
}

function inside({ haproxy, keepalived, spec, wire }: Machine): Line[] {
  const worker = `"haproxy",pid=${haproxy.workerPid},fd=7`
  const vrrp = `"keepalived",pid=${keepalived.childPid},fd=13`
  const raw = (local: string): Line => ({
    ...{ protocol: 'raw', state: 'UNCONN', queue: 0, users: vrrp },
    local: `${local}:112`,
  })
  const listen = (local: string, queue: number, users: string): Line => ({
    ...{ protocol: 'tcp', state: 'LISTEN', queue, local, users },
  })
  return [
    ...(keepalived.runs ? [raw('0.0.0.0'), raw(spec.vrrpAddress)] : []),
    ...(haproxy.runs
      ? [
          ...haproxy.frontends.map(({ port }) => listen(`${spec.vip}:${port}`, 2000, worker)),
          listen(`${spec.vrrpAddress}:1025`, 6, worker),
        ]
      : []),
    ...(haproxy.runs && wire.peersMeet(spec.vrrpAddress, spec.peer.vrrpAddress)
      ? [
          {
            ...{ protocol: 'tcp', state: 'ESTAB', queue: 0, users: worker },
            ...{ local: `${spec.vrrpAddress}:7671`, remote: `${spec.peer.vrrpAddress}:1025` },
          },
        ]
      : []),
    listen('127.0.0.1:9102', 5, '"prometheus-prox",pid=40,fd=4'),
  ]
}

function outside({ agent, systemd }: Machine): Line[] {
  const pid = systemd.units.get('amphora-agent.service')?.mainPid ?? 0
  const own: Line[] = pid
    ? [
        {
          ...{ protocol: 'udp', state: 'UNCONN', queue: 0 },
          ...{ local: `0.0.0.0:${agent.heartbeatPort}`, users: `"amphora-agent",pid=${pid},fd=12` },
        },
        {
          ...{ protocol: 'tcp', state: 'LISTEN', queue: 2048, local: '*:9443', remote: '*:*' },
          users: `"gunicorn: worke",pid=${pid},fd=9`,
        },
      ]
    : []
  const sshd = '"sshd",pid=41,fd=3'
  return [
    ...own,
    { protocol: 'tcp', state: 'LISTEN', queue: 128, local: '0.0.0.0:22', users: sshd },
    {
      protocol: 'tcp',
      state: 'LISTEN',
      queue: 128,
      local: '[::]:22',
      remote: '[::]:*',
      users: sshd,
    },
  ]
}

/** `nft list ruleset`: what Octavia's masquerade helper sets on the interfaces of the namespace. */
export const nft: Program = ({ argv, root, inNamespace, out, err }) => {
  if (argv.join(' ') !== 'list ruleset') {
    err('Error: syntax error, unexpected end of file\n')
    return 1
  }
  if (!root) {
    err('Operation not permitted (you must be root)\n')
    return 1
  }
  if (inNamespace) out(RULESET)
  return 0
}

const hook = (name: string, type: string, rules: (name: string) => string): string =>
  `\tchain ${name} {\n\t\ttype ${type}; policy accept;\n${['eth1', 'eth2'].map((link) => `\t\t${rules(link)}\n`).join('')}\t}\n`

const masquerade = (protocol: string): string =>
  hook(
    `ip-${protocol}-masq`,
    'nat hook postrouting priority srcnat',
    (link) => `oifname "${link}" meta l4proto ${protocol} masquerade`,
  )

const untracked = (name: string, direction: string): string =>
  hook(
    name,
    `filter hook ${name} priority raw`,
    (link) => `${direction} "${link}" meta l4proto tcp notrack`,
  )

const RULESET = `table ip octavia-ipv4 {\n${[
  ...[masquerade('udp'), masquerade('sctp')],
  ...[untracked('prerouting', 'iifname'), untracked('output', 'oifname')],
].join('\n')}}\n`
