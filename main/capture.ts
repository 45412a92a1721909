import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  CAPTURE_HOURS,
  MOST_CAPTURE_HOURS,
  type CaptureItem,
  type CaptureOrder,
} from '../preload/contract/capture'
import { AppError } from '../preload/contract/error'
import type { Console } from './console'

const USAGE = `octavia-console capture CLOUD LB [--out FILE] [--hours N] [--mask] [--no-ssh] [--data FOLDER] [--demo]

  Reads everything that the console can read of one load balancer into one bundle (.tar.gz), which
  'octavia-console review' opens: what the APIs tell, both amphorae over SSH, their logs. Nothing is changed.
  Passwords, keys and tokens are taken out as the bundle is written. LB is an id, or a name that only one has.

  --out FILE     where the bundle goes, instead of the current folder; nothing may be there yet
  --hours N      how many hours of logs, ${CAPTURE_HOURS} unless told, at most ${MOST_CAPTURE_HOURS}
  --mask         also replace addresses, names and ids, the same by the same
  --no-ssh       only what the APIs tell
  --data FOLDER  the console's data folder: own clouds, SSH access, known hosts (as of 'serve')
  --demo         also start the built-in demo cloud

  Host keys of amphorae must have been accepted in the console before, unless the SSH access of the cloud accepts
  new ones; nobody is asked here. Ctrl+C ends the reading and keeps what has been read.

  Status: 0 captured, 1 captured, but not everything could be read, or it was ended before; 2 nothing was captured.
`

type Handlers = Console['handlers']

/** What the command needs of the program that it runs in. */
export interface CaptureHost {
  /** The console on a data folder, or on the usual one. */
  open: (options: { dataFolder: string | undefined; demo: boolean }) => Promise<Console>
  /** Where the bundle goes unless told. */
  folder: string
  print: (text: string) => unknown
  complain: (text: string) => unknown
  /** Is aborted by Ctrl+C. */
  interrupted: AbortSignal
}

/** Captures a load balancer into a file, for scripts and bastions. @returns the exit status */
export async function capture(argv: readonly string[], host: CaptureHost): Promise<number> {
  let console: Console | undefined
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      allowNegative: true,
      options: {
        out: { type: 'string' },
        hours: { type: 'string', default: String(CAPTURE_HOURS) },
        mask: { type: 'boolean', default: false },
        ssh: { type: 'boolean', default: true },
        data: { type: 'string' },
        demo: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      host.print(USAGE)
      return 0
    }
    const [cloud, loadBalancer, ...rest] = positionals
    const hours = Number(values.hours)
    const isInRange = Number.isInteger(hours) && hours >= 1 && hours <= MOST_CAPTURE_HOURS
    if (cloud === undefined || loadBalancer === undefined || rest.length || !isInRange) {
      host.complain(USAGE)
      return 2
    }
    console = await host.open({ dataFolder: values.data, demo: values.demo })
    const { handlers } = console
    void refuseQuestions(handlers, host)
    await handlers['cloud.open']({ cloud }, host.interrupted)
    const loadBalancerId = await findLoadBalancer(handlers, cloud, loadBalancer, host.interrupted)
    const { mask, ssh } = values
    const order = { cloud, loadBalancerId, hours, mask, ssh }
    const result = await run(handlers, order, host)
    const path = resolve(values.out ?? join(host.folder, basename(result.file.path)))
    await copyFile(result.file.path, path, constants.COPYFILE_EXCL)
    await rm(result.file.path)
    for (const { what, reason } of result.unread) host.complain(`not read: ${what} (${reason})\n`)
    if (result.file.partial) host.complain('ended before everything was read\n')
    host.print(`${path}\n`)
    return result.file.partial || result.unread.length ? 1 : 0
  } catch (error) {
    host.complain(`${messageOf(error)}\n`)
    return 2
  } finally {
    await console?.close()
  }
}

async function findLoadBalancer(
  handlers: Handlers,
  cloud: string,
  wanted: string,
  signal: AbortSignal,
): Promise<string> {
  const { loadBalancers } = await handlers['loadBalancer.list']({ cloud }, signal)
  const found = loadBalancers.filter(({ id, name }) => id === wanted || name === wanted)
  const [only] = found.some(({ id }) => id === wanted)
    ? found.filter(({ id }) => id === wanted)
    : found
  if (only && (found.length === 1 || only.id === wanted)) return only.id
  throw new Error(
    found.length
      ? `${String(found.length)} load balancers are called ${wanted}; give one of their ids: ${found.map(({ id }) => id).join(', ')}`
      : `No load balancer of ${cloud} has the id or the name ${wanted}.`,
  )
}

type Result = Extract<CaptureItem, { kind: 'result' }>

async function run(handlers: Handlers, order: CaptureOrder, host: CaptureHost): Promise<Result> {
  const never = new AbortController()
  let result: Result | undefined
  let id: string | undefined
  const stop = () => {
    if (id !== undefined) void handlers['capture.stop']({ id }, never.signal)
  }
  host.interrupted.addEventListener('abort', stop)
  try {
    for await (const item of handlers['capture.start'](order, never.signal)) {
      if (item.kind === 'result') result = item
      else {
        id = item.id
        if (host.interrupted.aborted) stop()
        const { part, records, octets, elapsedMs } = item
        const size = `${(octets / 1_000_000).toFixed(1)} MB`
        host.complain(`${part}: ${records} records, ${size}, ${(elapsedMs / 1000).toFixed(1)} s\n`)
      }
    }
  } finally {
    host.interrupted.removeEventListener('abort', stop)
  }
  if (!result) throw new Error('The capture ended without a result.')
  return result
}

/** Nobody is there to answer: what would ask is refused, and told. */
async function refuseQuestions(handlers: Handlers, host: CaptureHost): Promise<void> {
  const { signal } = new AbortController()
  for await (const prompts of handlers['prompt.follow']({}, signal)) {
    for (const prompt of prompts) {
      const about = prompt.kind === 'passphrase' ? prompt.keyFile : prompt.subject
      const key = prompt.kind === 'hostKey' ? ` ${prompt.keyType} ${prompt.fingerprint}` : ''
      host.complain(`nobody is asked for ${prompt.kind} of ${about}${key}: refused\n`)
      await handlers['prompt.answer']({ id: prompt.id, answer: { kind: 'refuse' } }, signal)
    }
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { reason, message } = AppError.from(error)
  return reason === undefined ? error.message : `${reason}: ${message}`
}
