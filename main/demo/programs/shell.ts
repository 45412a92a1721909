import { delimiterless } from './words'
import type { Invocation, Program } from './program'
import { PROGRAMS } from './table'

/** Runs a command line as sshd does through the user's shell; there is no shell, only quoting and programs. */
export async function runLine(
  line: string,
  call: Omit<Invocation, 'argv' | 'root'>,
): Promise<number> {
  const parsed = delimiterless(line)
  if ('problem' in parsed) {
    call.err(`bash: -c: line 1: ${parsed.problem}\n`)
    return 2
  }
  const argv = withoutAssignments(parsed.words)
  if (!argv.length) return 0
  return run({ ...call, argv, root: false })
}

const withoutAssignments = (words: string[]): string[] => {
  const start = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return start < 0 ? [] : words.slice(start)
}

/** Runs a program by its name or path; prefixes like sudo run the rest of the line. */
async function run(call: Invocation): Promise<number> {
  const name = call.argv[0] ?? ''
  const prefix = PREFIXES[basename(name)]
  if (prefix) return prefix({ ...call, argv: call.argv.slice(1) })
  const program = find(name, call.root)
  if (program) return listed(call, program)
  call.err(
    name.includes('/')
      ? `bash: line 1: ${name}: No such file or directory\n`
      : `bash: line 1: ${name}: command not found\n`,
  )
  return 127
}

/** Runs a program and shows it among the processes as long as it lasts. */
async function listed(call: Invocation, program: Program): Promise<number> {
  const { machine, root, argv } = call
  const command = argv.join(' ').replace(/^ip-tool /, 'ip ')
  const process = { pid: machine.newPid(), command, root }
  machine.foreground.add(process)
  try {
    return await program({ ...call, argv: argv.slice(1) })
  } finally {
    machine.foreground.delete(process)
  }
}

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function find(name: string, root: boolean): Program | undefined {
  const known = PROGRAMS[basename(name)]
  if (!known) return undefined
  return known.sbin && !root && !name.includes('/') ? undefined : known.run
}

/** What a shell answers for a program that SIGTERM has ended. */
const TERMINATED = 143

const PREFIXES: Record<string, Program> = {
  sudo: (call) => {
    const start = call.argv.findIndex((word) => !word.startsWith('-'))
    const rest = start < 0 ? [] : call.argv.slice(start)
    const name = rest[0]
    if (name === undefined) return call.argv.includes('-l') ? 0 : 1
    if (!PREFIXES[basename(name)] && !find(name, true)) {
      call.err(`sudo: ${name}: command not found\n`)
      return 1
    }
    return run({ ...call, argv: rest, root: true })
  },
  /** The one shell program there is: it ends what it runs when its input does. */
  sh: async (call) => {
    const [option, program = '', , ...rest] = call.argv
    if (option !== '-c' || !/^exec 3<&0;"\$@" .*exit \$s$/.test(program)) {
      call.err('sh: 1: only commands that are followed run in a shell here\n')
      return 2
    }
    const name = rest[0] ?? ''
    if (!PREFIXES[basename(name)] && !find(name, call.root)) {
      call.err(`sh: 1: ${name}: not found\n`)
      return 127
    }
    const hungUp = new AbortController()
    void call.input().then(() => hungUp.abort())
    const signal = AbortSignal.any([call.signal, hungUp.signal])
    const code = await run({ ...call, argv: rest, signal })
    return hungUp.signal.aborted ? TERMINATED : code
  },
  env: (call) => run({ ...call, argv: withoutAssignments([...call.argv]) }),
  timeout: async (call) => {
    const rest = call.argv.filter((word, index) => index > 0 || !word.startsWith('-'))
    const limit = AbortSignal.timeout(Number.parseFloat(rest[0] ?? '0') * 1000)
    const code = await run({
      ...call,
      argv: rest.slice(1),
      signal: AbortSignal.any([call.signal, limit]),
    })
    return limit.aborted && !call.signal.aborted ? 124 : code
  },
  ip: (call) => {
    const [object, action, namespace, ...rest] = call.argv
    if (object !== 'netns' || !(action === 'exec' || action === 'e')) {
      return run({ ...call, argv: ['ip-tool', ...call.argv] })
    }
    if (namespace !== 'amphora-haproxy') {
      call.err(`Cannot open network namespace "${namespace ?? ''}": No such file or directory\n`)
      return 255
    }
    if (!call.root) {
      call.err('setting the network namespace "amphora-haproxy" failed: Operation not permitted\n')
      return 255
    }
    const inside = rest[0] === 'ip' ? ['ip-tool', '-n', namespace, ...rest.slice(1)] : rest
    const name = inside[0] ?? ''
    if (!PREFIXES[basename(name)] && !find(name, true)) {
      call.err(`exec of "${name}" failed: No such file or directory\n`)
      return 255
    }
    return run({ ...call, argv: inside, inNamespace: true })
  },
}
