import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { Ssh2 } from '../../../../main/platform/ssh2'
import { AuditLog } from '../../../../main/services/auditLog'
import { Terminals, type TerminalItem } from '../../../../main/services/terminal/terminals'
import { startDemo } from '../../../../main/demo/startDemo'
import type { AuditEntry } from '../../../../preload/contract/action'
import { AppError } from '../../../../preload/contract/error'
import type { Amphora } from '../../../../preload/contract/loadBalancer'
import { list, signIn, text } from '../../../contract/api'
import type { Target } from '../../../contract/target'
import { anOperator, aServer } from '../../../support/sshOperator'

const endings: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const AMPHORA = 'amphora-a'

/** Terminals on the amphorae of a demo cloud. */
async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'terminals-'))
  const demo = await startDemo({ speed: 20 })
  const { jump, amphoraUser, privateKey } = demo.ssh
  const admin = await signIn(demo as unknown as Target, demo.credentials)
  const found = await admin.octavia('GET', '/v2.0/octavia/amphorae?role=MASTER')
  const address = text(list(found.body['amphorae'])[0]!['lb_network_ip'])
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, privateKey, { mode: 0o600 })
  const ssh = new Ssh2(anOperator())
  const armed = { yes: true }
  const audit = new AuditLog(join(folder, 'audit.jsonl'), 'ngoc@bastion', () => ({}))
  const wishes = { keyFiles: [keyFile], keyFilesNamed: true }
  const hosts = {
    connect: (_cloud: string, { managementAddress }: { managementAddress: string }) =>
      ssh.connect(
        () =>
          Promise.resolve({
            group: 'demo',
            servers: [
              { ...aServer(jump.port, wishes), user: jump.user, host: jump.host },
              { ...aServer(22, wishes), user: amphoraUser, host: managementAddress },
            ],
          }),
        new AbortController().signal,
      ),
    jump: () => Promise.resolve(undefined),
  }
  const terminals = new Terminals({
    hosts,
    source: {
      amphorae: () => Promise.resolve([{ id: AMPHORA, managementAddress: address }] as Amphora[]),
    },
    safety: {
      requireArmed: (cloud) => {
        if (!armed.yes) throw AppError.because('safety.readOnly', cloud)
      },
    },
    audit,
    recordingPath: (name) => join(folder, 'recordings', name),
  })
  endings.push(async () => {
    await terminals.close()
    ssh.closeAll()
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { terminals, armed, audit, folder }
}

const size = { columns: 120, rows: 40 }
const aSubject = (wishes: { record?: boolean; amphoraId?: string } = {}) => ({
  ...{ cloud: 'demo', loadBalancerId: 'lb', amphoraId: AMPHORA, record: false, ...size },
  ...wishes,
})

/** Reads a terminal in the background, as a page does. */
class Reader {
  readonly items: TerminalItem[] = []
  failure: AppError | undefined
  readonly abort = new AbortController()
  readonly over: Promise<void>

  constructor(terminals: Terminals, subject = aSubject()) {
    this.over = this.read(terminals.open(subject, this.abort.signal))
  }

  private async read(items: AsyncIterable<TerminalItem>): Promise<void> {
    try {
      for await (const item of items) this.items.push(item)
    } catch (error) {
      this.failure = AppError.from(error)
    }
  }

  get shown(): string {
    return this.items.map((item) => (item.kind === 'output' ? item.text : '')).join('')
  }

  async opened(): Promise<{ id: string; recording?: string }> {
    await expect.poll(() => this.items[0] ?? this.failure, { timeout: 15_000 }).toBeDefined()
    if (this.failure) throw this.failure
    const [first] = this.items
    if (first?.kind !== 'opened') throw new Error('It was not opened.')
    return first
  }

  shows(text: string | RegExp): Promise<void> {
    return expect.poll(() => this.shown, { timeout: 15_000 }).toMatch(text)
  }
}

async function entries(audit: AuditLog): Promise<AuditEntry[]> {
  for await (const all of audit.follow(undefined, 10, new AbortController().signal)) return all
  return []
}

it('runs what is typed, shows it, and ends with the shell, all of it in the audit log', async () => {
  const { terminals, audit } = await bench()
  const reader = new Reader(terminals)
  const { id } = await reader.opened()
  await reader.shows(/:~\$ $/)
  expect((await entries(audit))[0]).toMatchObject({ action: 'terminal.open', result: 'started' })

  terminals.write(id, 'sudo ip netns exec amphora-haproxy ip addr\r')
  await reader.shows(/eth1/)
  terminals.write(id, 'exit 3\r')
  await reader.over
  expect(reader.failure).toBeUndefined()
  expect(reader.items.at(-1)).toEqual({ kind: 'closed', exit: 3 })
  const [entry] = await entries(audit)
  expect(entry).toMatchObject({
    action: 'terminal.open',
    object: { kind: 'amphora', id: AMPHORA },
    result: 'ok',
    detail: [expect.stringMatching(/^shell ubuntu@10\.77\.0\.\d+ via /), 'exit 3'],
  })
  expect(() => terminals.write(id, 'ls\r')).toThrow('ended')
})

it('passes on the size of the window, and Ctrl+C to what runs', async () => {
  const { terminals } = await bench()
  const reader = new Reader(terminals)
  const { id } = await reader.opened()
  terminals.write(id, 'stty size\r')
  await reader.shows('40 120')
  terminals.resize(id, { columns: 90, rows: 25 })
  terminals.write(id, 'stty size\r')
  await reader.shows('25 90')
  terminals.write(id, 'journalctl -f\r')
  await reader.shows(/Keepalived/)
  terminals.write(id, '\u0003')
  terminals.write(id, 'echo $?\r')
  await reader.shows(/\^C\s+[\s\S]*130/)
  reader.abort.abort()
  await reader.over
})

it('keeps what is typed while something runs for the next prompt', async () => {
  const { terminals } = await bench()
  const reader = new Reader(terminals)
  const { id } = await reader.opened()
  terminals.write(id, 'clear\rhostname\rwhoami\r')
  await reader.shows(/\$ hostname\r\namphora-\S+\r\n\S+ whoami\r\nubuntu\r\n/)
  reader.abort.abort()
  await reader.over
})

it('is refused while the cloud is read-only, and takes no input from then on', async () => {
  const { terminals, armed, audit } = await bench()
  armed.yes = false
  const refused = new Reader(terminals)
  await refused.over
  expect([refused.items, refused.failure?.reason]).toEqual([[], 'safety.readOnly'])
  expect((await entries(audit))[0]).toMatchObject({ result: 'refused', detail: [] })

  armed.yes = true
  const reader = new Reader(terminals)
  const { id } = await reader.opened()
  armed.yes = false
  expect(() => terminals.write(id, 'reboot\r')).toThrow(AppError)
  armed.yes = true
  terminals.write(id, 'hostname\r')
  await reader.shows(/\r\namphora-/)
  expect(reader.shown).not.toContain('reboot')
  reader.abort.abort()
  await reader.over
})

it('ends the shell when the page is gone, and says so in the audit log', async () => {
  const { terminals, audit } = await bench()
  const reader = new Reader(terminals)
  const { id } = await reader.opened()
  reader.abort.abort()
  await reader.over
  expect(() => terminals.write(id, 'ls\r')).toThrow('ended')
  const [entry] = await entries(audit)
  expect([entry?.result, typeof entry?.durationMs]).toEqual(['ok', 'number'])
})

it('ends every shell when the console ends', async () => {
  const { terminals, audit } = await bench()
  const reader = new Reader(terminals)
  await reader.opened()
  await terminals.close()
  await reader.over
  expect((await entries(audit))[0]?.result).toBe('ok')
})

it('keeps what was shown as an asciicast that only its owner can read', async () => {
  const { terminals, audit } = await bench()
  const reader = new Reader(terminals, aSubject({ record: true }))
  const { id, recording = '' } = await reader.opened()
  terminals.resize(id, { columns: 90, rows: 25 })
  terminals.write(id, 'whoami\r')
  await reader.shows(/\r\nubuntu\r\n/)
  terminals.write(id, 'exit\r')
  await reader.over

  expect(statSync(recording).mode & 0o777).toBe(0o600)
  const [head, ...events] = readFileSync(recording, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(head).toMatchObject({ version: 2, width: 120, height: 40 })
  const all = events as [number, string, string][]
  expect(all.filter(([, kind]) => kind === 'r')).toEqual([[expect.any(Number), 'r', '90x25']])
  const shown = all.filter(([, kind]) => kind === 'o').map(([, , text]) => text)
  expect(shown.join('')).toBe(reader.shown)
  const times = all.map(([time]) => time)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect((await entries(audit))[0]?.detail).toContain(`recording ${recording}`)
})

it('says which amphora is gone', async () => {
  const { terminals, audit } = await bench()
  const reader = new Reader(terminals, aSubject({ amphoraId: 'another' }))
  await reader.over
  expect(reader.failure?.reason).toBe('amphora.gone')
  expect((await entries(audit))[0]?.result).toBe('failed')
})
