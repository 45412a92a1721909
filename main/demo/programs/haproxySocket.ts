import type { Machine } from '../amphora/machine'
import { peerName } from '../identity'
import { instanceName } from '../amphora/configurations'
import { seconds, serversState, statistics } from './haproxyTables'
import type { Invocation, Program } from './program'

/** `socat stdio <socket>`: haproxy's statistics socket at level user. */
export const socat: Program = (call) => {
  const path = call.argv.find((word) => word.includes('/')) ?? ''
  return ask(call, path.replace(/^UNIX-CONNECT:/i, ''), (why, quoted) => {
    const stamp = new Date(call.machine.clock.now()).toISOString().slice(0, 19)
    const when = stamp.replaceAll('-', '/').replace('T', ' ')
    return `${when} socat[${call.machine.lastPid}] E connect(, AF=1 "${quoted}", 63): ${why}\n`
  })
}

/** `python3 --version`, and the one program that is run there: it asks the same socket. */
export const python3: Program = (call) => {
  const [option, program = '', path = ''] = call.argv
  if (option === '--version' || option === '-V') {
    call.out('Python 3.11.2\n')
    return 0
  }
  if (option === '-c' && program.includes('AF_UNIX')) {
    return ask(call, path, (why) => {
      const [kind, number] =
        why === 'Connection refused' ? ['ConnectionRefusedError', 111] : ['FileNotFoundError', 2]
      return `Traceback (most recent call last):\n  File "<string>", line 7, in <module>\n${kind}: [Errno ${number}] ${why}\n`
    })
  }
  call.err('python3: only the question to a socket is known here\n')
  return 2
}

async function ask(
  call: Invocation,
  path: string,
  cannot: (why: string, path: string) => string,
): Promise<number> {
  const { machine } = call
  const file = machine.files.get(path)
  if (!file?.isSocket || !machine.haproxy.runs) {
    call.err(cannot(file?.isSocket ? 'Connection refused' : 'No such file or directory', path))
    return 1
  }
  const questions = (await call.input()).split(/[;\n]/).map((question) => question.trim())
  for (const question of questions.filter(Boolean)) call.out(`${answer(machine, question)}\n`)
  return 0
}

function answer(machine: Machine, question: string): string {
  if (question.startsWith('show stat')) return statistics(machine)
  switch (question) {
    case 'show info':
      return information(machine)
    case 'show servers state':
      return serversState(machine)
    case 'show peers':
      return peers(machine)
    case 'show version':
      return '2.6.12-1+deb12u4\n'
    default:
      return 'Permission denied\n'
  }
}

const peerMeets = ({ wire, spec }: Machine): boolean =>
  wire.peersMeet(spec.vrrpAddress, spec.peer.vrrpAddress)

function peers(machine: Machine): string {
  const { spec, haproxy: daemon, clock } = machine
  const started = new Date(daemon.startedAt)
  const month = started.toUTCString().slice(8, 11)
  const day = String(started.getUTCDate()).padStart(2, '0')
  const stamp = `${day}/${month}/${started.getUTCFullYear()}:${started.toISOString().slice(11, 19)}`
  const connected = peerMeets(machine)
  const beats = Math.floor((clock.now() - daemon.startedAt) / 3000)
  const remote = connected
    ? `(remote,active) addr=${spec.peer.vrrpAddress}:1025 last_status=ESTA last_hdshk=6m34s\n        reconnect=4s heartbeat=1s confirm=0 tx_hbt=${beats} rx_hbt=${beats} no_hbt=0 new_conn=2 proto_err=0 coll=2\n        flags=0x20000000 appctx:0x7f831d4cc180 st0=7 st1=0 task_calls=${beats} state=EST\n`
    : `(remote,inactive) addr=${spec.peer.vrrpAddress}:1025 last_status=NONE last_hdshk=<NEVER>\n        reconnect=3s heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=${beats} proto_err=0 coll=0\n        flags=0x0\n`
  return `0x562ec1cdfb40: [${stamp}] id=${instanceName(spec.loadBalancerId)}_peers disabled=0 flags=0x2213 resync_timeout=<PAST> task_calls=${beats * 2}
  0x562ec1ce8c60: id=${peerName(spec.peer.amphoraId)}${remote}  0x562ec1cdfd30: id=${peerName(spec.amphoraId)}(local,inactive) addr=${spec.vrrpAddress}:1025 last_status=NONE last_hdshk=<NEVER>
        reconnect=<NEVER> heartbeat=<NEVER> confirm=0 tx_hbt=0 rx_hbt=0 no_hbt=0 new_conn=0 proto_err=0 coll=0
        flags=0x0
`
}

function information(machine: Machine): string {
  const { haproxy: daemon, hostName } = machine
  const up = seconds(machine, daemon.startedAt)
  const all = [...daemon.traffic.values()]
  const sum = (pick: (each: (typeof all)[number]) => number) =>
    all.reduce((total, each) => total + pick(each), 0)
  const limit = daemon.frontends.reduce(
    (total, { connectionLimit }) => total + (connectionLimit < 0 ? 2000 : connectionLimit),
    0,
  )
  const uptime = [
    `${Math.floor(up / 86_400)}d`,
    `${Math.floor(up / 3600) % 24}h${two(Math.floor(up / 60) % 60)}m${two(up % 60)}s`,
  ].join(' ')
  const connections = sum((each) => each.connections)
  return `Name: HAProxy
Version: 2.6.12-1+deb12u4
Release_date: 2026/10/17
Nbthread: 2
Nbproc: 1
Process_num: 1
Pid: ${daemon.workerPid}
Uptime: ${uptime}
Uptime_sec: ${up}
Memmax_MB: 0
PoolAlloc_MB: 0
PoolUsed_MB: 0
PoolFailed: 0
Ulimit-n: ${limit * 2 + 1038}
Maxsock: ${limit * 2 + 1038}
Maxconn: ${limit}
Hard_maxconn: ${limit}
CurrConns: ${sum(({ open }) => open)}
CumConns: ${connections}
CumReq: ${connections}
MaxSslConns: 0
CurrSslConns: 0
CumSslConns: 0
Maxpipes: 500
PipesUsed: 0
PipesFree: 0
ConnRate: 0
ConnRateLimit: 0
MaxConnRate: ${Math.min(connections, 51)}
SessRate: 0
SessRateLimit: 0
MaxSessRate: ${Math.min(connections, 51)}
SslRate: 0
SslRateLimit: 0
MaxSslRate: 0
Tasks: 19
Run_queue: 0
Idle_pct: 100
node: ${hostName}
Stopping: 0
Jobs: ${5 + daemon.frontends.length}
Unstoppable Jobs: 1
Listeners: ${3 + daemon.frontends.length}
ActivePeers: 1
ConnectedPeers: ${peerMeets(machine) ? 1 : 0}
DroppedLogs: 0
BusyPolling: 0
FailedResolutions: 0
TotalBytesOut: ${sum(({ sent }) => sent)}
BytesOutRate: 0
Build info: 2.6.12-1+deb12u4
Memmax_bytes: 0
Start_time_sec: ${Math.floor(daemon.startedAt / 1000)}
Tainted: 0
`
}

const two = (value: number): string => String(value).padStart(2, '0')
