import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { capture, scenario } from '../unit/main/domain/captures'
import { median, say } from './sideBySide'

/** Megabytes. `BENCH_MB` sets the largest. */
const SIZES = [10, 100, 1000].filter((size) => size <= Number(process.env['BENCH_MB'] ?? 1000))
const ROUNDS = 3
const HOST = 'amphora-3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
/** One line in so many is keepalived's. */
const RARE = 1000
/** So many of keepalived's lines are about nothing that happened; then it is stopped and started again. */
const QUIET = 500
const BEGIN = Date.UTC(2026, 10, 1)
const LINE_MS = 200

const folder = mkdtempSync(join(tmpdir(), 'bench-review-'))
const lnav = findLnav()
try {
  const taken: Record<string, number[]> = {}
  for (const megabytes of SIZES) {
    const path = join(folder, 'syslog')
    const { lines, vrrp } = write(path, megabytes * 1e6)
    say(`review of a syslog of ${megabytes} MB: ${lines} lines, ${vrrp} of keepalived`)
    const tools: [string, string, string[]][] = [
      ['octavia-console review', process.execPath, ['out/main/start.js', 'review', path]],
      ['grep -cE Keepalived_vrrp', 'grep', ['-cE', 'Keepalived_vrrp', path]],
    ]
    if (lnav) tools.push(['lnav', lnav, ['-n', '-c', ';SELECT count(*) FROM syslog_log', path]])
    const found = new Map<string, Run[]>(tools.map(([name]) => [name, []]))
    for (let round = 0; round <= ROUNDS; round += 1) {
      // The first round only brings the file into memory; lnav, which takes longest, runs once.
      for (const [name, command, argv] of tools) {
        if (name === 'lnav' && round !== 1) continue
        const run = await measured(command, argv)
        if (round > 0) found.get(name)?.push(run)
      }
    }
    for (const [name, runs] of found) {
      const ms = median(runs.map((run) => run.ms))
      const mebibytes = Math.max(...runs.map((run) => run.kibibytes)) / 1024
      taken[name] = [...(taken[name] ?? []), ms]
      say(`  ${name}: ${(ms / 1000).toFixed(2)} s, ${mebibytes.toFixed(0)} MiB resident`)
    }
    const of = (name: string) => taken[name]?.at(-1) ?? NaN
    const review = of('octavia-console review')
    const ratio = review / of('grep -cE Keepalived_vrrp')
    say(
      `  ${ratio.toFixed(2)} x as long as grep (goal 1)${lnav ? `, lnav ${(of('lnav') / review).toFixed(1)} x as long as the review (goal 10)` : ''}; goal 300 MiB`,
    )
  }
  const times = taken['octavia-console review'] ?? []
  const steps = times.slice(1).map((ms, index) => (ms / times[index]!).toFixed(1))
  say(`  from size to size the review takes ${steps.join(', ')} x as long (10 x the lines)`)
  if (!lnav) say('  lnav is not here, and only root on Debian can install it: not compared')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Run {
  ms: number
  /** At most at any time. */
  kibibytes: number
}

/** Runs a program that must succeed, and watches how much memory it holds. */
async function measured(command: string, argv: readonly string[]): Promise<Run> {
  const start = performance.now()
  const child = spawn(command, argv, {
    // Somebody has to read: grep ends at its first line when it writes to /dev/null.
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOME: folder },
  })
  child.stdout.resume()
  let kibibytes = 0
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8')
      kibibytes = Math.max(kibibytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
    } catch {
      // It has ended.
    }
  }, 5)
  const status = await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  if (status !== 0) throw new Error(`${command} ended with status ${String(status)}.`)
  return { ms: performance.now() - start, kibibytes }
}

/** The same octets each time: traffic, and among it what keepalived wrote when it was stopped and started again. */
function write(path: string, octets: number): { lines: number; vrrp: number } {
  const incident = capture(`${scenario('s01')}/amp1.syslog`)
    .split('\n')
    .flatMap((line) => /(?:Keepalived|systemd)\S*\[\d+\]: .+$/.exec(line)?.[0] ?? [])
  const file = openSync(path, 'w')
  let seed = 1
  const roll = (sides: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % sides
  let lines = 0
  let vrrp = 0
  try {
    for (let written = 0; written < octets;) {
      let text = ''
      for (let count = 0; count < 10_000; count += 1, lines += 1) {
        const at = new Date(BEGIN + lines * LINE_MS).toISOString().replace('Z', '000+00:00')
        if (lines % RARE === RARE - 1) {
          const turn = vrrp % (QUIET + incident.length)
          text += `${at} ${HOST} ${turn < QUIET ? 'Keepalived_vrrp[912]: Registering Kernel netlink command channel' : incident[turn - QUIET]!}\n`
          vrrp += 1
        } else {
          text += `${at} ${HOST} haproxy[1022]: 7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10 3c9be7f0-1111-4222-8333-444455556666 10.0.${roll(250)}.${roll(250)}:${roll(60_000)} "GET /api/v1/items/${roll(100_000)} HTTP/1.1" 200 ${roll(100_000)} - "-" pool member-${roll(9)} ----\n`
        }
      }
      written += writeSync(file, text)
    }
  } finally {
    closeSync(file)
  }
  return { lines, vrrp }
}

/** Debian's package, installed where that can be done. */
function findLnav(): string | undefined {
  const paths = ['/usr/bin/lnav', '/usr/local/bin/lnav']
  const installed = () => paths.find((path) => existsSync(path))
  const isDebian = existsSync('/etc/debian_version')
  if (!installed() && isDebian && process.getuid?.() === 0)
    spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'lnav'], {
      stdio: 'ignore',
    })
  return installed()
}
