import type { SecretKind } from '../../domain/redact'
import type { Exchange, ExchangeSink } from './exchanges'
import { entryOf, fileOf, MANIFEST, outputOf, type Manifest, type RecordEntry } from './manifest'
import type { Masking } from './masking'
import { SecretMarks } from './secretMarks'

/** Where a bundle is written to. */
export interface BundleFile {
  /** Octets that were added. */
  readonly size: number
  /** Appends a file, after what was added before. @throws AppError `store.unwritable` */
  add(name: string, content: string, modifiedAt: number): Promise<void>
}

/**
 * What is captured, on its way into a bundle: each record is cleaned of its secrets and written as it comes, its file
 * beside the others; the manifest is the last.
 */
export class Bundle implements ExchangeSink {
  private readonly secrets = new SecretMarks()
  private readonly records = new Map<number, RecordEntry>()
  private readonly logs: Manifest['logs'] = []
  private readonly found = new Set<string>()
  private last = 0
  private failure: { error: unknown } | undefined

  /**
   * @param masking what else is replaced in all that is written; nothing without
   * @param changed is told of each record
   */
  constructor(
    private readonly file: BundleFile,
    private readonly masking?: Masking,
    private readonly changed: () => void = () => undefined,
  ) {}

  /** Records so far. */
  get count(): number {
    return this.records.size
  }

  /** Octets so far, before they are packed. */
  get size(): number {
    return this.file.size
  }

  begin(): (exchange: Exchange) => void {
    this.last += 1
    const sequence = this.last
    return (exchange) => this.keep(this.cleanOf(exchange), sequence)
  }

  /** Adds text that is no record. @returns its name in the bundle. @throws AppError `store.unwritable` */
  async addText(name: string, text: string, modifiedAt: number): Promise<string> {
    const path = this.hide(name)
    await this.file.add(path, this.hidden(text).text, modifiedAt)
    return path
  }

  /** Adds a piece of a log. @throws AppError `store.unwritable` */
  async addLog(
    log: { amphoraId: string; name: string; source: string },
    text: string,
    at: number,
  ): Promise<void> {
    const { text: clean, found } = this.hidden(text)
    const amphoraId = this.hide(log.amphoraId)
    const file = `amphora-${amphoraId}/${log.name}`
    await this.file.add(file, clean, at)
    const octets = new TextEncoder().encode(clean).length
    this.logs.push({ amphoraId, file, source: log.source, octets, ...noted(found) })
    this.changed()
  }

  /** Adds the manifest, after which nothing may come. @throws AppError `store.unwritable`, also of a record before */
  async finish(
    told: Omit<Manifest, 'format' | 'schema' | 'records' | 'logs' | 'redacted'>,
  ): Promise<void> {
    if (this.failure) throw this.failure.error
    const ordered = [...this.records].sort(([one], [other]) => one - other)
    const { value } = this.secrets.cleanValue(told)
    const manifest: Manifest = {
      ...{ format: 'octavia-console capture', schema: 1 },
      ...(this.masking?.maskValue(value) ?? value),
      ...{ records: ordered.map(([, record]) => record), logs: this.logs },
      redacted: [...this.found].sort(),
    }
    await this.file.add(MANIFEST, `${JSON.stringify(manifest, null, 1)}\n`, told.endedAt)
  }

  /** What was taken out, each kind once. */
  get redacted(): readonly string[] {
    return [...this.found].sort()
  }

  /** What was asked stays as it was, for by that the answer is found again. */
  private cleanOf(exchange: Exchange): { exchange: Exchange; found: readonly SecretKind[] } {
    const { secrets } = this
    const failure = exchange.failure && secrets.cleanValue(exchange.failure)
    const told = failure && { failure: failure.value }
    if (exchange.kind === 'connect')
      return { exchange: { ...exchange, ...told }, found: failure?.found ?? [] }
    if (exchange.kind === 'request') {
      const body = secrets.cleanValue(exchange.body)
      const found = [...body.found, ...(failure?.found ?? [])]
      return { exchange: { ...exchange, body: body.value, ...told }, found }
    }
    const stdout = secrets.clean(exchange.stdout)
    const stderr = secrets.clean(exchange.stderr)
    const found = [...stdout.found, ...stderr.found, ...(failure?.found ?? [])]
    return { exchange: { ...exchange, stdout: stdout.text, stderr: stderr.text, ...told }, found }
  }

  private keep(
    clean: { exchange: Exchange; found: readonly SecretKind[] },
    sequence: number,
  ): void {
    const { found } = clean
    for (const kind of found) this.found.add(kind)
    const exchange = this.masking?.maskValue(clean.exchange) ?? clean.exchange
    const output = outputOf(exchange)
    const file = output === undefined ? undefined : fileOf(exchange, sequence)
    this.records.set(sequence, {
      ...entryOf(exchange),
      ...(file !== undefined && { file }),
      ...noted([...new Set(found)]),
    })
    if (file !== undefined && output !== undefined)
      this.file.add(file, output, exchange.endedAt).catch((error: unknown) => {
        this.failure ??= { error }
      })
    this.changed()
  }

  private hide(text: string): string {
    return this.masking?.mask(text) ?? text
  }

  private hidden(text: string): { text: string; found: SecretKind[] } {
    const { text: clean, found } = this.secrets.clean(text)
    for (const kind of found) this.found.add(kind)
    return { text: this.hide(clean), found }
  }
}

const noted = (found: readonly string[]) => (found.length ? { redacted: [...found] } : {})
