import { micros, systemdTime } from '../timestamps'
import type { Invocation, Program } from './program'
import { signalMachine, signalNumber } from './signals'

const KERNEL = '6.18.44-fc-v657'
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

export const date: Program = ({ argv, machine, out }) => {
  const now = machine.clock.now()
  const format = argv.find((word) => word.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y'
  const iso = new Date(now).toISOString()
  const values: Record<string, string> = {
    s: String(Math.floor(now / 1000)),
    N: `${String(micros(now) % 1_000_000).padStart(6, '0')}${String(process.hrtime.bigint() % 1000n).padStart(3, '0')}`,
    z: '+0000',
    Z: 'UTC',
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: String(new Date(now).getUTCDate()).padStart(2),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    b: MONTHS[new Date(now).getUTCMonth()] ?? '',
    a: systemdTime(now).slice(0, 3),
    '%': '%',
  }
  out(`${format.replaceAll(/%([A-Za-z%])/g, (all, letter: string) => values[letter] ?? all)}\n`)
  return 0
}

export const hostname: Program = ({ machine, out }) => {
  out(`${machine.hostName}\n`)
  return 0
}

export const uname: Program = ({ argv, machine, out }) => {
  const parts: Record<string, string> = {
    s: 'Linux',
    n: machine.hostName,
    r: KERNEL,
    v: '#1 SMP PREEMPT_DYNAMIC @0',
    m: 'x86_64',
    o: 'GNU/Linux',
  }
  const letters = argv.join('').replaceAll('-', '') || 's'
  const chosen = letters.includes('a')
    ? Object.keys(parts)
    : Object.keys(parts).filter((key) => letters.includes(key))
  out(`${chosen.map((key) => parts[key]).join(' ')}\n`)
  return 0
}

export const echo: Program = ({ argv, out }) => {
  const [first, ...rest] = argv
  out(first === '-n' ? rest.join(' ') : `${argv.join(' ')}\n`)
  return 0
}

export const id: Program = ({ root, out }) => {
  out(
    root
      ? 'uid=0(root) gid=0(root) groups=0(root)\n'
      : 'uid=1000(ubuntu) gid=1000(ubuntu) groups=1000(ubuntu),4(adm),27(sudo),999(systemd-journal)\n',
  )
  return 0
}

export const whoami: Program = ({ root, out }) => {
  out(root ? 'root\n' : 'ubuntu\n')
  return 0
}

export const uptime: Program = ({ argv, machine, out }) => {
  const { bootedAt } = machine.journal
  const seconds = Math.floor((machine.clock.now() - bootedAt) / 1000)
  out(
    argv.includes('-s')
      ? `${new Date(bootedAt).toISOString().slice(0, 19).replace('T', ' ')}\n`
      : ` up ${Math.floor(seconds / 60)} min,  1 user,  load average: 0.00, 0.00, 0.00\n`,
  )
  return 0
}

/** util-linux's `kill`; without root everything on an amphora belongs to somebody else. */
export const kill: Program = ({ argv, root, machine, err }) => {
  const words = [...argv]
  let signal = 'TERM'
  if (words[0] === '-s') signal = words.splice(0, 2)[1] ?? ''
  else if (words[0]?.startsWith('-')) signal = words.shift()?.slice(1) ?? ''
  if (signalNumber(signal) === undefined && signal !== '0') {
    err(`kill: unknown signal: ${signal}\n`)
    return 1
  }
  let code = 0
  for (const word of words) {
    const pid = Number(word)
    const exists = processes(machine).some((entry) => entry.pid === pid) || pid === 1
    if (exists && root) {
      signalMachine(machine, pid, signal)
      continue
    }
    err(
      root
        ? `kill: (${word}): No such process\n`
        : `bash: line 1: kill: (${word}) - ${exists ? 'Operation not permitted' : 'No such process'}\n`,
    )
    code = 1
  }
  return code
}

interface Process {
  pid: number
  parent: number
  command: string
  /** @default root */
  user?: string
}

function processes(machine: Invocation['machine']): Process[] {
  const { keepalived, haproxy } = machine
  const daemon =
    '/usr/sbin/keepalived --log-facility=1 -f /var/lib/octavia/vrrp/octavia-keepalived.conf -p /var/lib/octavia/vrrp/octavia-keepalived.pid'
  return [
    { pid: 1, parent: 0, command: '/usr/lib/systemd/systemd' },
    { pid: 38, parent: 1, command: 'gunicorn: master [gunicorn]' },
    { pid: 40, parent: 1, command: 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups' },
    ...(haproxy.runs
      ? [
          { pid: haproxy.masterPid, parent: 1, command: haproxy.command },
          { pid: haproxy.workerPid, parent: haproxy.masterPid, command: haproxy.command },
        ]
      : []),
    ...(keepalived.runs
      ? [
          { pid: keepalived.parentPid, parent: 1, command: daemon },
          { pid: keepalived.childPid, parent: keepalived.parentPid, command: daemon },
        ]
      : []),
    ...Array.from(machine.foreground, ({ pid, command, root }) => ({
      pid,
      parent: 40,
      command,
      user: root ? 'root' : 'ubuntu',
    })),
  ]
}

export const ps: Program = ({ machine, out }) => {
  out('    PID    PPID USER     COMMAND\n')
  for (const { pid, parent, command, user = 'root' } of processes(machine)) {
    out(`${String(pid).padStart(7)} ${String(parent).padStart(7)} ${user.padEnd(8)} ${command}\n`)
  }
  return 0
}

export const pgrep: Program = ({ argv, machine, out }) => {
  const parent = argv.indexOf('-P')
  const pattern = argv.findLast((word) => !word.startsWith('-')) ?? ''
  const found = processes(machine).filter((entry) =>
    parent >= 0
      ? String(entry.parent) === argv[parent + 1]
      : entry.command.includes(pattern) && !entry.command.startsWith('pgrep '),
  )
  out(found.map(({ pid }) => `${pid}\n`).join(''))
  return found.length ? 0 : 1
}

const SIGNALS: Record<string, number> = { DATA: 10, STATS: 12, STATS_CLEAR: 63, JSON: 36 }

export const keepalived: Program = ({ argv, out, err }) => {
  const signal = argv.find((word) => word.startsWith('--signum='))?.slice(9)
  if (signal !== undefined) {
    const number = SIGNALS[signal]
    if (number === undefined) {
      err(`Unknown sigfunc ${signal}\n`)
      return 1
    }
    out(`${number}\n`)
    return 0
  }
  err(
    'Keepalived v2.2.7 (01/16,2022)\n\nCopyright(C) 2001-2022 Alexandre Cassen, <acassen@gmail.com>\n',
  )
  return 0
}

export const haproxy: Program = ({ out }) => {
  out(
    `HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\nStatus: long-term supported branch - will stop receiving fixes around Q2 2027.\nKnown bugs: http://www.haproxy.org/bugs/bugs-2.6.12.html\nRunning on: Linux ${KERNEL} #1 SMP PREEMPT_DYNAMIC @0 x86_64\n`,
  )
  return 0
}
