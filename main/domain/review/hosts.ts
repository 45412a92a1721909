import { parseHaproxy } from '../config/haproxy'
import { parseKeepalived } from '../config/keepalived'
import { parseIni } from '../config/ini'
import { canonicalAddress } from '../ip'
import { classify } from '../keepalived/classify'
import type { Content, LogEntry, Recognised } from './evidence'

/** A machine that the evidence tells of. */
export interface Host {
  /** The amphora's id where anything names it, else the name. */
  id: string
  name: string
  amphoraId?: string
  /** Where its adverts leave from. */
  address?: string
  /** Paths of what is about it. */
  files: readonly string[]
  loadBalancerId?: string
}

/** What a file, or a part of it, is told to be about. */
export interface Whose {
  hosts: readonly Host[]
  /** Of an entry of a log. */
  ofEntry(file: string, entry: LogEntry): Host | undefined
  /** Of a file that is about one machine. */
  ofFile(file: string): Host | undefined
  /** Of a line of `ip -br address`. */
  ofLabel(file: string, label: string | undefined): Host | undefined
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const AMPHORA = new RegExp(`^amphora-(${UUID})$`)
const HAPROXY_UNIT = new RegExp(`^haproxy-(${UUID})\\.service$`)
/** Parts of file names that tell what is in a file, not of which machine it is. */
const COMMON =
  /^(?:octavia|keepalived|haproxy|amphora-agent|agent|journal|syslog|messages|daemon|log|conf|cfg|txt|json|csv|data|stats|iso|pcap|probe|show|ip|netns|vip|br|live|old|gz|\d+)(?:[-_].*)?$/i

/**
 * Finds the machines. What a file says of itself comes first: the host name in its lines, the amphora's id, the address
 * that adverts leave from. A file that says nothing belongs to the machine of the files whose names begin as its does, or
 * that lie in its folder, as long as that is one machine only.
 */
export function findHosts(files: readonly Recognised[]): Whose {
  const groups = new Groups()
  for (const file of files) claim(groups, file)
  for (const { path } of files) groups.settle(labelsOf(path)[0])
  return assign(groups, files)
}

/** The load balancer of an instance of keepalived, which Octavia names by its id without dashes. */
export function loadBalancerOf(instance: string | undefined): string | undefined {
  const [, ...parts] =
    /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(instance ?? '') ??
    []
  return parts.length ? parts.join('-') : undefined
}

/** Names that mean one machine, put together as evidence says so. Tokens: `id:`, `name:`, `address:`, `label:`. */
class Groups {
  private readonly parents = new Map<string, string>()
  /** What files beside each other say: by label, the tokens of whoever they are about. */
  private readonly beside = new Map<string, Set<string>>()

  rootOf(token: string): string {
    const parent = this.parents.get(token)
    if (parent === undefined) {
      this.parents.set(token, token)
      return token
    }
    return parent === token ? token : this.rootOf(parent)
  }

  join(one: string, other: string): void {
    this.parents.set(this.rootOf(one), this.rootOf(other))
  }

  note(label: string, token: string): void {
    this.rootOf(token)
    const known = this.beside.get(label)
    if (known) known.add(token)
    else this.beside.set(label, new Set([token]))
  }

  /** The only machine there is. */
  get single(): string | undefined {
    const roots = new Set(Array.from(this.parents.keys(), (token) => this.rootOf(token)))
    const [root] = roots
    return roots.size === 1 ? root : undefined
  }

  /** Puts together what one label is about: one id, one name and one address are one machine, two ids are two. */
  settle(label: string): void {
    const tokens = this.beside.get(label) ?? []
    const roots = [...new Set(Array.from(tokens, (token) => this.rootOf(token)))]
    const kinds = roots.map((root) => this.kindsOf(root))
    const isOne = (kind: string) => kinds.filter((each) => each.has(kind)).length <= 1
    const [first, ...others] = roots
    if (first === undefined || !isOne('id') || !isOne('address')) return
    for (const other of others) this.join(other, first)
  }

  /** The machine that everything under a label is about; undefined where that is several or none. */
  under(label: string): string | undefined {
    const roots = new Set(Array.from(this.beside.get(label) ?? [], (token) => this.rootOf(token)))
    const [root] = roots
    return roots.size === 1 ? root : undefined
  }

  has(label: string): boolean {
    return this.beside.has(label)
  }

  tokensOf(root: string): string[] {
    return [...this.parents.keys()].filter((token) => this.rootOf(token) === root)
  }

  private kindsOf(root: string): Set<string> {
    return new Set(this.tokensOf(root).map((token) => token.slice(0, token.indexOf(':'))))
  }
}

/** What may tell whose a file is: the telling part of its name, then its folder. */
function labelsOf(path: string): [string, ...string[]] {
  const wide = folderOf(path)
  const name = path.slice(wide.length)
  const word = name.split('.').find((each) => each && !COMMON.test(each))
  return word === undefined ? [wide] : [`${wide}${word}`, wide]
}

const tokenOf = (host: string): string => {
  const [, id] = AMPHORA.exec(host) ?? []
  return id === undefined ? `name:${host}` : `id:${id}`
}

function claim(groups: Groups, { path, content }: Recognised): void {
  const [label] = labelsOf(path)
  const say = (token: string) => groups.note(label, token)
  switch (content.kind) {
    case 'log':
      for (const host of new Set(content.entries.flatMap((entry) => entry.host ?? [])))
        say(tokenOf(host))
      return
    case 'config':
      for (const token of tokensOfConfig(content)) say(token)
      return
    case 'dump':
      for (const { sourceAddress } of content.dump.instances)
        if (sourceAddress !== undefined) say(`address:${canonicalAddress(sourceAddress)}`)
      return
    case 'sightings':
      for (const { label: written, addresses } of content.sightings) {
        const own = addresses.find(isOwn)
        if (written === undefined || own === undefined) continue
        groups.note(`${folderOf(path)}${written}`, `address:${bare(own)}`)
      }
      return
    case 'haproxy':
    case 'addresses':
    case 'capture':
    case 'probe':
  }
}

function tokensOfConfig({ config, text }: Extract<Content, { kind: 'config' }>): string[] {
  if (config === 'keepalived') {
    return parseKeepalived(text).instances.flatMap(({ unicastSource }) =>
      unicastSource ? [`address:${canonicalAddress(unicastSource.value)}`] : [],
    )
  }
  if (config !== 'agent') return []
  const id = parseIni(text).settings.find(({ key }) => key === 'amphora_id')?.value
  return id ? [`id:${id}`] : []
}

/** Not a VIP, which has no network of its own, and no address of the link. */
const isOwn = (address: string): boolean => !/\/(?:32|128)$|^fe80:|^127\.|^::1\//i.test(address)
const bare = (address: string): string => canonicalAddress(address.replace(/\/\d+$/, ''))
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

function assign(groups: Groups, files: readonly Recognised[]): Whose {
  const drafts = new Map<string, Draft>()
  const draftOf = (root: string): Draft => {
    const known = drafts.get(root)
    if (known) return known
    const draft = {
      tokens: groups.tokensOf(root),
      files: new Set<string>(),
      loadBalancers: new Set<string>(),
    }
    drafts.set(root, draft)
    return draft
  }
  const labelled = (labels: readonly string[]): Draft | undefined => {
    for (const label of labels) {
      const root = groups.under(label)
      if (root !== undefined) return draftOf(root)
      // Several machines have this label: a wider one cannot tell better.
      if (groups.has(label)) return undefined
    }
    const { single } = groups
    return single === undefined ? undefined : draftOf(single)
  }
  const ofFile = (path: string) => labelled(labelsOf(path))
  const ofEntry = (path: string, { host }: LogEntry) =>
    host === undefined ? ofFile(path) : draftOf(groups.rootOf(tokenOf(host)))
  const ofLabel = (path: string, label: string | undefined) =>
    label === undefined ? ofFile(path) : labelled([`${folderOf(path)}${label}`])

  for (const { path, content } of files) {
    const own = ofFile(path)
    switch (content.kind) {
      case 'log':
        for (const entry of content.entries) {
          const draft = ofEntry(path, entry)
          draft?.files.add(path)
          const told = loadBalancerOfEntry(entry)
          if (told !== undefined) draft?.loadBalancers.add(told)
        }
        break
      case 'sightings':
        for (const { label } of content.sightings) ofLabel(path, label)?.files.add(path)
        break
      case 'config':
      case 'dump':
      case 'haproxy':
      case 'addresses':
        own?.files.add(path)
        for (const told of loadBalancersOf(content)) own?.loadBalancers.add(told)
        break
      case 'capture':
      case 'probe':
    }
  }
  const hosts = new Map(Array.from(drafts.values(), (draft) => [draft, hostOf(draft)]))
  const found = (draft: Draft | undefined): Host | undefined => draft && hosts.get(draft)
  return {
    hosts: [...hosts.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    ofEntry: (path, entry) => found(ofEntry(path, entry)),
    ofFile: (path) => found(ofFile(path)),
    ofLabel: (path, label) => found(ofLabel(path, label)),
  }
}

interface Draft {
  tokens: readonly string[]
  files: Set<string>
  loadBalancers: Set<string>
}

function hostOf({ tokens, files, loadBalancers }: Draft): Host {
  const of = (kind: string) => tokens.find((token) => token.startsWith(kind))?.slice(kind.length)
  const amphoraId = of('id:')
  const address = of('address:')
  const name = of('name:') ?? (amphoraId === undefined ? undefined : `amphora-${amphoraId}`)
  const [loadBalancerId] = loadBalancers
  return {
    id: amphoraId ?? name ?? address ?? '',
    name: name ?? address ?? '',
    ...(amphoraId !== undefined && { amphoraId }),
    ...(address !== undefined && { address }),
    files: [...files].sort(),
    ...(loadBalancerId !== undefined && { loadBalancerId }),
  }
}

function loadBalancerOfEntry({ message }: LogEntry): string | undefined {
  const { instance, unit } = classify(message)
  return loadBalancerOf(instance) ?? HAPROXY_UNIT.exec(unit ?? '')?.[1]
}

function loadBalancersOf(content: Content): string[] {
  const ofInstances = (instances: readonly { name: string }[]) =>
    instances.flatMap(({ name }) => loadBalancerOf(name) ?? [])
  if (content.kind === 'dump') return ofInstances(content.dump.instances)
  if (content.kind !== 'config') return []
  const { config, text } = content
  if (config === 'keepalived') return ofInstances(parseKeepalived(text).instances)
  const told = config === 'haproxy' ? parseHaproxy(text).loadBalancerId?.value : undefined
  return told === undefined ? [] : [told]
}
