import type { Finding, Proof } from '../../../preload/contract/finding'
import type { LogLine } from '../../../preload/contract/pair'
import { notKnown, valueOf } from '../fact'
import type { LoadBalancerFacts } from '../findings/facts'
import { quoteLine } from '../findings/proof'
import { meaningOf } from '../keepalived/classify'
import type { LogEntry, Place } from './evidence'
import { shelvesOf, type SideAt } from './facts'
import type { Scene } from './scene'
import { isOfKeepalived, readLine, standBefore, unheard, unitOf, type Stand } from './stand'
import { standingsBefore, type Before } from './timeline'

/** Goes through the logs of a scene in order of time: where each side stands, and which line of which file says so. */
export class Walk {
  readonly sides: readonly SideAt[]
  /** Known from the first time on that somebody served. */
  service: LoadBalancerFacts['service']
  private readonly steps: readonly Step[]
  private readonly places = new Map<string, Place>()
  /** Where lines stand, by how rules quote them. */
  private readonly quoted = new Map<string, Place>()

  constructor(scene: Scene) {
    const before = standingsBefore(scene)
    this.steps = scene.actors.map((actor) => ({
      actor,
      stand: this.standBefore(actor.entries, scene.from, before.get(actor.id)),
      lines: [],
      shelves: shelvesOf(actor, scene.until),
      next: 0,
    }))
    this.sides = this.steps
  }

  /** Goes on to a moment; moments come in order. */
  to(now: number): void {
    for (const side of this.steps) {
      const { entries, id } = side.actor
      for (let entry = entries[side.next]; entry && entry.at <= now; entry = entries[side.next]) {
        side.next += 1
        side.stand = readLine(side.stand, entry, this.note(entry.place))
        if (!isOfKeepalived(entry)) continue
        const line = lineOf(id, entry)
        side.lines.push(line)
        this.quoted.set(keyOf(quoteLine(line, notKnown('notCaptured'))), entry.place)
      }
      const { vrrp } = side.stand
      const serving = valueOf(vrrp) === 'MASTER' ? vrrp : unitOf(side.stand, 'haproxy')
      if (!this.service && 'value' in serving) this.service = { ...serving, value: true }
    }
  }

  /** Where the quotations of a finding, and of what follows from it, stand in the files. */
  placesOf(finding: Finding): Place[] {
    const proofs = [finding, ...(finding.symptoms ?? [])].flatMap((each) => each.proofs)
    const places = proofs.flatMap((proof) => this.placeOf(proof) ?? [])
    return [...new Map(places.map((place) => [`${place.file}\n${place.line}`, place])).values()]
  }

  private placeOf(proof: Proof): Place | undefined {
    const { evidence = '', source, text, line } = proof
    const [short, of = ''] = source.split(': ')
    const side = this.sides.find(({ actor }) => actor.id.startsWith(short ?? ''))
    const unit = side?.stand.units.get(of.replace('systemctl show ', ''))
    const told = this.places.get(unit?.evidence ?? evidence) ?? this.quoted.get(keyOf(proof))
    if (told) return told
    const shelf = side?.shelves.find(({ path, file }) => path === evidence || file?.path === of)
    return shelf && { file: shelf.path, line: line ?? 1, text }
  }

  private standBefore(entries: readonly LogEntry[], at: number, before?: Before): Stand {
    const stand = standBefore(entries, at, ({ place }) => this.note(place))
    if (!before) return stand
    const { owns, place } = before
    const evidence = this.note(place)
    return {
      ...stand,
      owns: { value: owns, at, evidence },
      vrrp: owns ? { value: 'MASTER', at, evidence } : unheard.vrrp,
    }
  }

  private note(place: Place): string {
    const id = `${place.file}:${place.line}`
    this.places.set(id, place)
    return id
  }
}

interface Step extends SideAt {
  stand: Stand
  lines: LogLine[]
  next: number
}

const keyOf = ({ source, text }: Proof): string => `${source}\n${text}`

/** An entry about keepalived as the rules read it. */
export const lineOf = (amphoraId: string, entry: LogEntry): LogLine => ({
  ...{ amphoraId, at: entry.at, rawAt: entry.at, identifier: entry.identifier },
  ...(entry.pid !== undefined && { pid: entry.pid }),
  cursor: `${entry.place.file}:${entry.place.line}`,
  text: entry.message,
  meaning: meaningOf(entry.message),
})
