import { mapFact, allKnown, valueOf } from '../fact'
import { quoteAmphora, quoteApi } from './proof'
import { inspected, weakerOf, wholePair } from './reading'
import type { Rule } from './rule'
import { serverOf } from './compute'
import { fine, holds, judged } from './verdict'

/** One host carries both: it takes the service with it. */
const sameHost: Rule = {
  id: 'pair.same-host',
  modes: [26],
  judge: wholePair((reading) => {
    const servers = reading.sides.map((side) => serverOf(side, reading))
    const { groupPolicies } = reading.facts.compute
    return judged(
      reading.pair,
      { server: allKnown(servers.map((server) => mapFact(server, ({ host }) => host ?? ''))) },
      ({ server: hosts }) => {
        const [host] = hosts
        const [first, second] = reading.sides
        if (!host || !second || hosts.some((each) => each !== host)) return fine
        const policies = valueOf(groupPolicies)
        return holds(
          'medium',
          reading.pair,
          {
            host,
            first: first?.id ?? '',
            second: second.id,
            policy: policies?.join(', ') || '–',
            weaker: weakerOf(reading),
          },
          servers.map((server) =>
            quoteApi(
              `GET /servers/${valueOf(server)?.id ?? ''}`,
              'OS-EXT-SRV-ATTR:host',
              host,
              server,
            ),
          ),
        )
      },
    )
  }),
}

/** The amphorae were built from two images, or run two releases. */
const imageDrift: Rule = {
  id: 'pair.image-drift',
  modes: [36],
  judge: wholePair((reading) => {
    const { sides, pair, facts, pending } = reading
    const [first, second] = sides
    if (!first || !second) return undefined
    const versions = sides.map((side) => inspected(side, ({ system }) => system.versions))
    const images = [first.amphora?.imageId, second.amphora?.imageId]
    return judged(pair, { amphorae: facts.amphorae }, () => {
      const [mine, theirs] = versions.map(valueOf)
      const parts = (['keepalived', 'haproxy', 'agent'] as const).filter(
        (part) => mine?.[part] && theirs?.[part] && mine[part] !== theirs[part],
      )
      const imagesDiffer = images[0] && images[1] && images[0] !== images[1]
      if ((!imagesDiffer && !parts.length) || pending) return fine
      const [part] = parts
      return holds(
        parts.length ? 'medium' : 'low',
        pair,
        {
          first: first.id,
          second: second.id,
          firstValue: (part && mine?.[part]) ?? images[0] ?? '–',
          secondValue: (part && theirs?.[part]) ?? images[1] ?? '–',
          what: parts.join(', ') || 'image',
        },
        sides.map((side, index) =>
          part
            ? quoteAmphora(
                side.id,
                `${part} --version`,
                [mine, theirs][index]?.[part] ?? '',
                versions[index],
              )
            : quoteApi(
                `GET /v2/octavia/amphorae/${side.id}`,
                'image_id',
                images[index] ?? null,
                facts.amphorae,
              ),
        ),
      )
    })
  }),
}

/** Rules about both amphorae side by side. */
export const pairRules: readonly Rule[] = [sameHost, imageDrift]
