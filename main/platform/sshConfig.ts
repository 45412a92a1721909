import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import SshConfigText from 'ssh-config'
import { AppError } from '../../preload/contract/error'
import { isMissing } from './files'

/** What `~/.ssh/config` says about one host; fields it does not set are absent. */
export interface SshDefaults {
  hostName?: string
  port?: number
  user?: string
  /** Absolute paths, in order. */
  identityFiles?: readonly string[]
  /** Socket; `none` for no agent. */
  identityAgent?: string
  identitiesOnly?: boolean
  /** In order, the first one is connected from this machine. */
  proxyJump?: readonly JumpHost[]
  /** As it is written, with `%h` and the like. */
  proxyCommand?: string
}

export interface JumpHost {
  host: string
  port?: number
  user?: string
}

/** OpenSSH stops here too. */
const DEEPEST_INCLUDE = 16
/** These make the ssh-config package run programs; no host is looked up by running something. */
const RUNS_PROGRAMS = /^\s*(?:CanonicalizeHostname|CanonicalDomains|KnownHostsCommand)\b/i

/** The user's OpenSSH client configuration. Host and Match blocks, Include; a Match that would run a command does not match. */
export class SshConfigFile {
  constructor(
    private readonly home: string,
    private readonly path = join(home, '.ssh', 'config'),
  ) {}

  /** What is set for a host, as the operator would type it after `ssh`. Nothing where there is no file. @throws AppError `ssh.configFile` */
  async lookup(host: string, user?: string): Promise<SshDefaults> {
    const text = await this.text(this.path, 0)
    if (!text) return {}
    let found: Readonly<Record<string, string | string[]>>
    try {
      const config = SshConfigText.parse(text)
      found = config.compute(
        { Host: host, ...(user && { User: user }) },
        { ignoreCase: true, matchExec: false },
      )
    } catch (cause) {
      throw this.unreadable(this.path, cause)
    }
    return this.read(found, host)
  }

  private read(found: Readonly<Record<string, string | string[]>>, host: string): SshDefaults {
    const one = (key: string) => {
      const value = found[key]
      return typeof value === 'string' ? value : value?.[0]
    }
    const user = one('user')
    const port = Number(one('port'))
    const hostName = one('hostname')?.replaceAll('%h', host).replaceAll('%%', '%')
    const expand = (path: string) =>
      this.expand(path, { h: hostName ?? host, n: host, r: user ?? '', p: String(port || 22) })
    const files = [found['identityfile'] ?? []].flat().filter((file) => file !== 'none')
    const agent = one('identityagent')
    const jump = one('proxyjump')
    const command = one('proxycommand')
    return {
      ...(hostName && { hostName }),
      ...(Number.isInteger(port) && port > 0 && port < 65536 && { port }),
      ...(user && { user }),
      ...(files.length > 0 && { identityFiles: files.map(expand) }),
      ...(agent && agent !== 'SSH_AUTH_SOCK' && { identityAgent: expand(agent) }),
      ...(one('identitiesonly')?.toLowerCase() === 'yes' && { identitiesOnly: true }),
      ...(jump && jump.toLowerCase() !== 'none' && { proxyJump: this.jumps(jump) }),
      ...(command && command.toLowerCase() !== 'none' && { proxyCommand: command }),
    }
  }

  private expand(path: string, tokens: Readonly<Record<string, string>>): string {
    const known: Record<string, string> = { ...tokens, d: this.home, '%': '%' }
    const full = path.replace(/%(.)/g, (text, token: string) => known[token] ?? text)
    if (full === 'none' || isAbsolute(full)) return full
    return full.startsWith('~/') || full.startsWith('~\\')
      ? join(this.home, full.slice(2))
      : join(this.home, full)
  }

  private jumps(text: string): JumpHost[] {
    return text.split(',').map((part) => {
      const jump = parseJump(part.trim())
      if (!jump) throw this.unreadable(this.path, `ProxyJump ${part}`)
      return jump
    })
  }

  /** The file with its includes put in their places. */
  private async text(path: string, depth: number): Promise<string> {
    let text
    try {
      text = await readFile(path, 'utf8')
    } catch (cause) {
      if (isMissing(cause)) return ''
      throw this.unreadable(path, cause)
    }
    if (depth > DEEPEST_INCLUDE) throw this.unreadable(path, 'Too many levels of Include.')
    const lines: string[] = []
    let block: string | undefined
    for (const line of text.split(/\r?\n/)) {
      if (RUNS_PROGRAMS.test(line)) continue
      if (/^\s*(?:Host|Match)\b/i.test(line)) block = line
      const [, patterns] = /^\s*Include[\s=]+(.*)$/i.exec(line) ?? []
      if (patterns === undefined) {
        lines.push(line)
        continue
      }
      for (const file of await this.included(patterns)) lines.push(await this.text(file, depth + 1))
      // What follows an Include belongs to the block it stands in, whatever blocks the included file opened.
      lines.push(block ?? 'Host *')
    }
    return lines.join('\n')
  }

  private async included(patterns: string): Promise<string[]> {
    const words = Array.from(
      patterns.matchAll(/"([^"]*)"|(\S+)/g),
      ([, quoted, word]) => quoted ?? word ?? '',
    )
    const files: string[] = []
    for (const word of words) {
      const pattern =
        /^~[/\\]/.test(word) || isAbsolute(word)
          ? this.expand(word, {})
          : join(this.home, '.ssh', word)
      if (!/[*?]/.test(pattern)) {
        files.push(pattern)
        continue
      }
      const name = new RegExp(
        `^${basename(pattern)
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      )
      const entries = await readdir(dirname(pattern)).catch(() => [])
      files.push(
        ...entries
          .filter((entry) => name.test(entry) && !entry.startsWith('.'))
          .sort()
          .map((entry) => join(dirname(pattern), entry)),
      )
    }
    return files
  }

  private unreadable(path: string, cause: unknown): AppError {
    const message = cause instanceof Error ? cause.message : String(cause)
    return AppError.because('ssh.configFile', message, { cause, values: { path } })
  }
}

/** `[user@]host[:port]` or `ssh://…`; an IPv6 address stands in brackets when a port follows. Undefined when it is neither. */
export function parseJump(text: string): JumpHost | undefined {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([0-9A-Fa-f:.%]+)\]|([^\s:/@[\]]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+))(?::(\d{1,5}))?\/?$/.exec(
      text,
    ) ?? []
  const host = bracketed ?? plain
  if (!host || Number(port ?? 22) > 65535) return undefined
  return { host, ...(port && { port: Number(port) }), ...(user && { user }) }
}

/**
 * The words of a ProxyCommand, with `%h`, `%p`, `%r`, `%n` and `%%` filled in. No shell ever sees it.
 * @throws AppError `ssh.configFile` when it is more than plain words
 */
export function proxyWords(
  command: string,
  { host, port, user, alias }: { host: string; port: number; user: string; alias: string },
): string[] {
  const words = command
    .trim()
    .replace(/^exec\s+/, '')
    .split(/\s+/)
  const tokens: Readonly<Record<string, string>> = {
    h: host,
    p: String(port),
    r: user,
    n: alias,
    '%': '%',
  }
  return words.map((word) => {
    if (!/^(?:[A-Za-z0-9_@+:,./=-]|%[hprn%])+$/.test(word))
      throw AppError.because('ssh.configFile', `ProxyCommand ${command}`, {
        values: { path: '~/.ssh/config', directive: 'ProxyCommand' },
      })
    return word.replace(/%([hprn%])/g, (_text, token: string) => tokens[token] ?? '')
  })
}
