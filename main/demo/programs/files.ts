import type { Machine, StoredFile } from '../amphora/machine'
import { syslogIsoLine, syslogLine } from '../amphora/journalFormat'
import { procFile } from '../amphora/procFiles'
import { microTime } from '../timestamps'
import { hangUp, type Invocation, type Program } from './program'

export const LOGS = ['/var/log/syslog', '/var/log/syslog.iso', '/var/log/haproxy.log']

/** Logs are views of the journal; their inodes stay. */
function readLog(machine: Machine, path: string): StoredFile | undefined {
  const index = LOGS.indexOf(path)
  if (index < 0) return undefined
  const lines =
    index === 2
      ? machine.haproxyLogText
      : machine.journal.entries
          .map((entry) => (index ? syslogIsoLine : syslogLine)(machine.journal, entry))
          .join('')
  const changedAt = machine.journal.entries.at(-1)?.at ?? machine.journal.bootedAt
  return { text: lines, mode: 0o640, changedAt, inode: 1_681_563 + index }
}

/** A file that is stored, or made when it is read: logs and what the kernel shows. */
export const lookUp = (machine: Machine, path: string): StoredFile | undefined =>
  machine.files.get(path) ?? readLog(machine, path) ?? readProc(machine, path)

function readProc(machine: Machine, path: string): StoredFile | undefined {
  const text = procFile(machine, path)
  return text === undefined
    ? undefined
    : { text, mode: 0o444, changedAt: machine.clock.now(), inode: 1 }
}

/** The user ubuntu is in group adm and may read the logs. */
export const readable = (call: Invocation, path: string, file: StoredFile): boolean =>
  call.root || LOGS.includes(path) || (file.mode & 0o004) > 0

const octal = (mode: number): string => mode.toString(8)

export const cat: Program = (call) => {
  let code = 0
  for (const path of call.argv.filter((word) => !word.startsWith('-'))) {
    const file = lookUp(call.machine, path)
    if (file && readable(call, path, file)) {
      call.out(file.text)
      continue
    }
    call.err(`cat: ${path}: ${file ? 'Permission denied' : 'No such file or directory'}\n`)
    code = 1
  }
  return code
}

export const stat: Program = (call) => {
  const [option = '', ...rest] = call.argv
  const isLong = option.startsWith('--format=')
  const format = isLong ? option.slice(9) : (rest[0] ?? '')
  let code = 0
  for (const path of isLong ? rest : rest.slice(1)) {
    const file = lookUp(call.machine, path)
    if (file) {
      call.out(`${statLine(format, path, file)}\n`)
    } else {
      call.err(`stat: cannot statx '${path}': No such file or directory\n`)
      code = 1
    }
  }
  return code
}

const statLine = (format: string, path: string, file: StoredFile): string =>
  format.replaceAll(/%([a-zA-Z%])/g, (all, letter: string) => {
    const values: Record<string, string> = {
      i: String(file.inode),
      s: String(Buffer.byteLength(file.text)),
      Y: String(Math.floor(file.changedAt / 1000)),
      y: `${microTime(file.changedAt).replace('T', ' ')}000 +0000`,
      a: octal(file.mode),
      U: 'root',
      G: LOGS.includes(path) ? 'adm' : 'root',
      n: path,
      F: 'regular file',
      '%': '%',
    }
    return values[letter] ?? all
  })

interface TailOptions {
  /** Octets from the start, counted from 1, or lines from the end. */
  fromByte: number | undefined
  lines: number
  follow: boolean
  path: string
}

export const tail: Program = async (call) => {
  const options = parseTail(call.argv)
  const file = lookUp(call.machine, options.path)
  if (!file) {
    call.err(`tail: cannot open '${options.path}' for reading: No such file or directory\n`)
    return 1
  }
  if (!readable(call, options.path, file)) {
    call.err(`tail: cannot open '${options.path}' for reading: Permission denied\n`)
    return 1
  }
  const whole = Buffer.from(file.text)
  const start =
    options.fromByte === undefined ? lineStart(whole, options.lines) : options.fromByte - 1
  call.out(whole.subarray(Math.max(0, start)).toString())
  if (options.follow) await followFile(call, options.path, Math.max(start, whole.length))
  return 0
}

/** tail looks for what is new once a second, or when inotify tells. */
async function followFile(call: Invocation, path: string, from: number): Promise<void> {
  let offset = from
  const cancel = call.machine.clock.every(250, () => {
    const now = Buffer.from(lookUp(call.machine, path)?.text ?? '')
    if (now.length <= offset) return
    call.out(now.subarray(offset).toString())
    offset = now.length
  })
  await hangUp(call.signal)
  cancel()
}

function lineStart(text: Buffer, lines: number): number {
  let at = text.length - 1
  for (let left = lines; left > 0 && at >= 0; left -= 1) at = text.lastIndexOf(0x0a, at - 1)
  return at + 1
}

function parseTail(argv: readonly string[]): TailOptions {
  const options: TailOptions = { fromByte: undefined, lines: 10, follow: false, path: '' }
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    const value = () => {
      const inline = /^--\w+=(.*)$/.exec(word)?.[1] ?? /^-[nc](.+)$/.exec(word)?.[1]
      if (inline !== undefined) return inline
      index += 1
      return argv[index] ?? ''
    }
    if (/^(-n|--lines)/.test(word)) options.lines = Math.abs(Number(value()))
    else if (/^(-c|--bytes)/.test(word)) options.fromByte = Number(value().replace('+', ''))
    else if (/^(-f|-F|--follow)/.test(word)) options.follow = true
    else if (!word.startsWith('-')) options.path = word
  }
  return options
}

export const ls: Program = (call) => {
  const long = call.argv.some((word) => /^-\w*l/.test(word))
  const [path = '/home/ubuntu'] = call.argv.filter((word) => !word.startsWith('-'))
  const exact = lookUp(call.machine, path)
  const entry = (name: string, file: StoredFile) =>
    long
      ? `-rw-r--r-- 1 root root ${String(Buffer.byteLength(file.text)).padStart(6)} ${microTime(file.changedAt).slice(0, 16).replace('T', ' ')} ${name}\n`
      : `${name}\n`
  if (exact) {
    call.out(entry(path, exact))
    return 0
  }
  const folder = path.endsWith('/') ? path : `${path}/`
  const names = new Map<string, StoredFile>()
  for (const known of [...call.machine.files.keys(), ...LOGS]) {
    const file = lookUp(call.machine, known)
    if (known.startsWith(folder) && file)
      names.set(known.slice(folder.length).split('/')[0] ?? '', file)
  }
  if (!names.size) {
    call.err(`ls: cannot access '${path}': No such file or directory\n`)
    return 2
  }
  call.out(
    [...names]
      .sort()
      .map(([name, file]) => entry(name, file))
      .join(''),
  )
  return 0
}

export const test: Program = (call) => {
  const path = call.argv.find((word) => word.startsWith('/'))
  return path && lookUp(call.machine, path) ? 0 : 1
}
