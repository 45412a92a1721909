import type { Proof } from '../../../preload/contract/finding'
import { rankOf } from '../../../preload/contract/finding'
import type { Episode } from '../../../preload/contract/pair'
import type {
  HostClocks,
  ReviewContent,
  ReviewFile,
  ReviewFinding,
  ReviewHost,
  ReviewPlace,
  ReviewedLoadBalancer,
} from '../../../preload/contract/review'
import type { Place, Recognised } from '../../domain/review/evidence'
import type { Host } from '../../domain/review/hosts'
import type { Judged } from '../../domain/review/judge'
import { quotation } from '../../domain/review/quotation'
import type { Actor } from '../../domain/review/scene'
import type { Examination, ExaminedScene } from './examine'

/** What an examination says to the page: without secrets, everything that was not understood included. */
export function contentOf(
  examination: Examination,
  clocks: HostClocks,
): Omit<ReviewContent, 'review'> {
  const { hosts, scenes, files, ignored, undated } = examination
  const withoutYear = new Set(undated)
  const actors = scenes.flatMap(({ scene }) => scene.actors)
  return {
    hosts: actors.map((actor) => hostOf(actor, clocks, withoutYear)),
    loadBalancers: scenes.map(loadBalancerOf),
    files: files.map((file) => fileOf(file, hosts, withoutYear.has(file.path))),
    ignored: ignored.map(({ file, reason }) => ({ file, reason })),
  }
}

/** The first and the last moment that an examination tells of; nothing where no file is dated. */
export function extentOf({ scenes }: Examination): { from?: number; until?: number } {
  const from = scenes.reduce((first, { scene }) => Math.min(first, scene.from), Infinity)
  const until = scenes.reduce((last, { scene }) => Math.max(last, scene.until), -Infinity)
  return from <= until && from > 0 ? { from, until } : {}
}

function hostOf(
  { id, host, entries }: Actor,
  clocks: HostClocks,
  withoutYear: ReadonlySet<string>,
): ReviewHost {
  const [first, last] = [entries[0], entries.at(-1)]
  const files = host?.files ?? []
  return {
    ...{ id, files, name: host?.name ?? id, lines: entries.length },
    clock: (Object.hasOwn(clocks, id) && clocks[id]) || {},
    undated: files.some((file) => withoutYear.has(file)),
    ...(host?.address !== undefined && { address: host.address }),
    ...(first && last && { from: first.at, until: last.at }),
  }
}

function loadBalancerOf({
  scene,
  findings,
  unknown,
  episodes,
}: ExaminedScene): ReviewedLoadBalancer {
  const { loadBalancerId, vips, actors, from, until, probes } = scene
  return {
    ...{ id: loadBalancerId, vips, from, until, unknown },
    hostIds: actors.map(({ id }) => id),
    findings: findings.map(findingOf).sort((one, other) => rankOf(one) - rankOf(other)),
    episodes: episodes.map(withoutSecrets),
    probes: probes.length,
  }
}

/** Each place stands for a proof, so that it leads to its file; without any, what the rule quotes. */
function findingOf({ finding, since, until, evidence }: Judged): ReviewFinding {
  const places = evidence.map(clean)
  const proofs: Proof[] = places.map(({ file, line, text }) => ({
    ...{ source: file, line, text },
    evidence: file,
  }))
  return {
    ...finding,
    proofs: proofs.length ? proofs : finding.proofs.map(quoteOf),
    ...{ since, places },
    ...(until !== undefined && { until }),
  }
}

/** What rules quote of facts names no record that the page could ask for. */
const quoteOf = ({ source, line, text }: Proof): Proof => ({
  ...{ source, text: quotation(text) },
  ...(line !== undefined && { line }),
})

const clean = ({ file, line, text }: Place): ReviewPlace => ({ file, line, text: quotation(text) })

/** An episode without the secrets that its lines may quote. */
function withoutSecrets(episode: Episode): Episode {
  const { trigger, phases } = episode
  return {
    ...episode,
    ...(trigger && { trigger: { ...trigger, text: quotation(trigger.text) } }),
    phases: phases.map(({ text, ...phase }) => ({
      ...phase,
      ...(text !== undefined && { text: quotation(text) }),
    })),
  }
}

function fileOf(file: Recognised, hosts: readonly Host[], undated: boolean): ReviewFile {
  const { path, modifiedAt, content } = file
  return {
    ...{ path, undated },
    kind: content.kind === 'config' ? `config.${content.config}` : content.kind,
    hostIds: hosts.filter(({ files }) => files.includes(path)).map(({ id }) => id),
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...spanOf(file),
  }
}

function spanOf({ content }: Recognised): { from?: number; until?: number; entries?: number } {
  const told: readonly { at: number }[] =
    content.kind === 'log'
      ? content.entries
      : content.kind === 'capture'
        ? content.packets
        : content.kind === 'probe'
          ? content.samples
          : []
  if (!told.length) return content.kind === 'log' ? { entries: 0 } : {}
  return {
    from: told.reduce((first, { at }) => Math.min(first, at), Infinity),
    until: told.reduce((last, { at }) => Math.max(last, at), -Infinity),
    entries: told.length,
  }
}
