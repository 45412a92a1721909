import type { StoredFile } from '../amphora/machine'
import { LOGS, lookUp, readable } from './files'
import { glob, type Invocation, type Program } from './program'

type Test = (path: string, file: StoredFile, depth: number) => boolean

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Folders of the image that are there without a file of ours in them. */
const FOLDERS = ['/opt', '/usr/lib/python3', '/usr/local/lib', '/etc/network']

/** `find` of GNU findutils, for files and sockets: the tests an operator uses, one after the other, all of them to hold. */
export const find: Program = (call) => {
  const { machine } = call
  const words = [...call.argv]
  const first = words.findIndex((word) => word.startsWith('-'))
  const folders = words.splice(0, first < 0 ? words.length : first)
  const { tests, format } = parse(words)
  const known = [...machine.files.keys(), ...LOGS, ...PACKAGES]
  let code = 0
  for (const folder of folders) {
    const below = known.filter((path) => path.startsWith(`${folder}/`))
    if (!below.length && !FOLDERS.includes(folder)) {
      call.err(`find: ‘${folder}’: No such file or directory\n`)
      code = 1
    }
    for (const path of below.sort()) {
      const file = lookUp(machine, path) ?? PACKAGE
      const depth = path.slice(folder.length).split('/').length - 1
      if (tests.every((test) => test(path, file, depth))) call.out(print(format, path, file))
    }
  }
  return code
}

/** The installed Octavia, which `find` sees by its name alone. */
const PACKAGES = ['/usr/lib/python3/dist-packages/octavia-11.0.0.egg-info']
const PACKAGE: StoredFile = { text: '', mode: 0o644, changedAt: 0, inode: 1 }

function parse(words: string[]): { tests: Test[]; format: string } {
  const tests: Test[] = []
  let format = String.raw`%p\n`
  while (words.length) {
    const option = words.shift()
    const value = words.shift() ?? ''
    if (option === '-maxdepth') tests.push((_path, _file, depth) => depth <= Number(value))
    else if (option === '-inum') tests.push((_path, file) => String(file.inode) === value)
    else if (option === '-type') tests.push((_path, file) => (value === 's') === !!file.isSocket)
    else if (option === '-name') tests.push((path) => glob(value).test(basename(path)))
    else if (option === '-regex') tests.push((path) => new RegExp(`^(?:${value})$`).test(path))
    else if (option === '-printf') format = value
  }
  return { tests, format }
}

function print(format: string, path: string, file: StoredFile): string {
  const values: Record<string, string> = {
    D: '65',
    i: String(file.inode),
    m: file.mode.toString(8),
    T: `${(file.changedAt / 1000).toFixed(6)}0000`,
    s: String(Buffer.byteLength(file.text)),
    p: path,
    f: basename(path),
  }
  return format
    .replaceAll(/%(T@|[a-zA-Z])/g, (all, letter: string) => values[letter.charAt(0)] ?? all)
    .replaceAll(String.raw`\n`, '\n')
}

/** Runs over files as coreutils do: what cannot be read is told, and the rest goes on. */
function eachFile(
  call: Invocation,
  sayCannot: (path: string, why: string) => string,
  use: (path: string, file: StoredFile) => void,
): number {
  let code = 0
  for (const path of call.argv.filter((word) => !word.startsWith('-'))) {
    const file = lookUp(call.machine, path)
    if (file && readable(call, path, file)) {
      use(path, file)
    } else {
      call.err(`${sayCannot(path, file ? 'Permission denied' : 'No such file or directory')}\n`)
      code = 1
    }
  }
  return code
}

/** `head` with `--lines` or `--bytes`; `--verbose` names each file. */
export const head: Program = (call) => {
  const amount = (name: string) => {
    const option = call.argv.find((word) => word.startsWith(`--${name}=`))
    return option === undefined ? undefined : Number(option.slice(name.length + 3))
  }
  const bytes = amount('bytes')
  const lines = amount('lines') ?? 10
  let isFirst = true
  return eachFile(
    call,
    (path, why) => `head: cannot open '${path}' for reading: ${why}`,
    (path, { text }) => {
      if (call.argv.includes('--verbose')) call.out(`${isFirst ? '' : '\n'}==> ${path} <==\n`)
      isFirst = false
      if (bytes !== undefined) call.out(Buffer.from(text).subarray(0, bytes).toString())
      else
        call.out(
          text
            .split(/(?<=\n)/)
            .slice(0, lines)
            .join(''),
        )
    },
  )
}
