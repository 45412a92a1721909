import type { Difference } from '../../../preload/contract/compare'
import { SEVERITIES } from '../../../preload/contract/finding'
import { ignoredKey } from '../../../preload/contract/ignored'
import type { Episode } from '../../../preload/contract/pair'
import type { ComparisonFact } from '../../domain/compare/comparisons'
import type { Judged } from '../../domain/review/judge'
import { quotation } from '../../domain/review/quotation'
import { timeText, type Block, type ReportDocument } from './document'
import type { Examination, ExaminedScene } from './examine'
import { findingWords, say, unknownWords, type Words } from './words'

/** Who made a report, when, and what was noted beside the evidence. */
export interface ReportOptions {
  /** Milliseconds since the epoch. */
  madeAt: number
  /** Version of the console. */
  version: string
  notes?: readonly { at?: number; about?: string; text: string }[]
}

/** All that a review says, for people: summary, time line, findings with their evidence, episodes, differences, gaps. */
export function reportOf(
  examination: Examination,
  words: Words,
  { madeAt, version, notes = [] }: ReportOptions,
): ReportDocument {
  const { scenes } = examination
  const t = (key: string, values = {}, count?: number) => say(words, `report.${key}`, values, count)
  return {
    language: words.language,
    title: t('title', { name: scenes.map(({ scene }) => scene.loadBalancerId).join(', ') || '?' }),
    blocks: [
      { kind: 'text', text: t('made', { at: timeText(madeAt), version }) },
      ...scenes.flatMap((scene) => sceneBlocks(scene, examination, words)),
      ...(notes.length
        ? [
            heading(t('notes')),
            {
              kind: 'table',
              head: [t('at'), t('about'), t('note')],
              rows: notes.map(({ at, about = '', text }) => [
                at === undefined ? '' : timeText(at),
                about,
                text,
              ]),
            } as const,
          ]
        : []),
      ...sourceBlocks(examination, words),
    ],
  }
}

const heading = (text: string, level: 2 | 3 = 2): Block => ({ kind: 'heading', level, text })

function sceneBlocks(examined: ExaminedScene, { hosts }: Examination, words: Words): Block[] {
  const { scene, findings, episodes, comparisons } = examined
  const t = (key: string, values = {}, count?: number) => say(words, `report.${key}`, values, count)
  const nameOf = (id: string | undefined): string =>
    id === undefined ? t('unknown') : (hosts.find((host) => host.id === id)?.name ?? id)
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter(({ finding }) => finding.severity === severity).length
    return count ? [`${String(count)} ${say(words, `status.severity.${severity}`)}`] : []
  })
  const outages = episodes.flatMap(({ outageMs }) => outageMs ?? [])
  return [
    heading(`${t('loadBalancer')} ${scene.loadBalancerId}`),
    {
      kind: 'facts',
      rows: [
        ['VIP', scene.vips.join(', ') || t('unknown')],
        [t('hosts'), scene.actors.map(({ id }) => nameOf(id)).join(', ')],
        [t('period'), `${timeText(scene.from)} – ${timeText(scene.until)}`],
        [t('findings'), counts.join(', ') || t('noFinding')],
        [t('episodes'), String(episodes.length)],
        [
          t('longestOutage'),
          outages.length ? `${words.number(Math.max(...outages))} ms` : t('notMeasured'),
        ],
        [t('notJudged'), t('rules', {}, new Set(examined.unknown.map(({ rule }) => rule)).size)],
      ],
    },
    ...timelineBlocks(examined, words),
    heading(t('findings'), 3),
    ...(findings.length
      ? findings.map((each) => findingBlock(each, words))
      : [{ kind: 'text', text: t('noFindingText') } as const]),
    ...(episodes.length
      ? [
          heading(t('episodes'), 3),
          ...episodes.flatMap((episode, index) => episodeBlocks(episode, index, nameOf, words)),
        ]
      : []),
    ...differenceBlocks(comparisons, words),
    ...unknownBlocks(examined, words),
  ]
}

function timelineBlocks({ scene, findings, episodes }: ExaminedScene, words: Words): Block[] {
  const { from, until } = scene
  if (!(until > from)) return []
  const moves = episodes.map((episode) => ({
    from: episode.startedAt,
    to: episode.endedAt ?? until,
    label: say(words, `status.episode.${episode.outcome}`),
  }))
  return [
    {
      kind: 'timeline',
      title: say(words, 'report.timeline'),
      head: [say(words, 'report.begin'), say(words, 'report.end'), say(words, 'report.what')],
      ...{ from, until },
      lanes: [
        ...(moves.length ? [{ label: say(words, 'report.episodes'), spans: moves }] : []),
        ...findings.map(({ finding, since, until: end = until }) => ({
          label: finding.rule,
          spans: [
            {
              ...{ from: since, to: end, severity: finding.severity },
              label: findingWords(words, finding).title,
            },
          ],
        })),
      ],
    },
  ]
}

function findingBlock({ finding, since, until, evidence }: Judged, words: Words): Block {
  const { severity, rule } = finding
  const { title, cause, cost, advice } = findingWords(words, finding)
  const parts = [
    [say(words, 'findings.cause'), cause],
    [say(words, 'findings.cost'), cost],
    [say(words, 'findings.advice'), advice],
  ] as const
  return {
    kind: 'finding',
    ...{ severity, rule, title },
    severityWord: say(words, `status.severity.${severity}`),
    time:
      until === undefined
        ? say(words, 'report.sinceToEnd', { from: timeText(since) })
        : `${timeText(since)} – ${timeText(until)}`,
    parts: parts.filter(([, text]) => text !== ''),
    quotesLabel: say(words, 'findings.proofs'),
    quotes: evidence.map(({ file, line, text }) => ({
      where: `${file}:${String(line)}`,
      text: quotation(text),
    })),
  }
}

function episodeBlocks(
  episode: Episode,
  index: number,
  nameOf: (id: string | undefined) => string,
  words: Words,
): Block[] {
  const { startedAt, endedAt, from, to, outageMs, outageErrorMs, outcome, trigger, phases } =
    episode
  const t = (key: string) => say(words, `report.${key}`)
  return [
    {
      kind: 'facts',
      rows: [
        [
          `${t('episode')} ${String(index + 1)}`,
          `${timeText(startedAt)} – ${endedAt === undefined ? t('theEnd') : timeText(endedAt)}`,
        ],
        [t('way'), `${nameOf(from)} → ${nameOf(to)}`],
        [t('outcome'), say(words, `episode.outcome.${outcome}`)],
        [
          say(words, 'episode.number.outage'),
          outageMs === undefined
            ? t('notMeasured')
            : `${words.number(outageMs)} ms ± ${outageErrorMs === undefined ? '?' : words.number(outageErrorMs)} ms`,
        ],
        ...(trigger
          ? [[say(words, 'episode.phase.trigger'), quotation(trigger.text)] as const]
          : []),
      ],
    },
    {
      kind: 'table',
      head: [t('phase'), t('at'), t('sinceStart'), '±', t('host'), t('evidence')],
      rows: phases.map(({ name, at, sinceStartMs, errorMs, amphoraId, text = '' }) => [
        say(words, `episode.phase.${name}`),
        timeText(at),
        `${words.number(sinceStartMs)} ms`,
        `${words.number(errorMs)} ms`,
        amphoraId === undefined ? '' : nameOf(amphoraId),
        quotation(text),
      ]),
    },
  ]
}

function differenceBlocks(comparisons: readonly ComparisonFact[], words: Words): Block[] {
  const made = comparisons.flatMap((fact) => ('value' in fact ? [fact.value] : []))
  if (!made.length) return []
  return [
    heading(say(words, 'report.differences'), 3),
    ...made.flatMap(({ what, left, right, differences, unjudged = [] }): Block[] => {
      const name = say(words, `compare.what.${what}`)
      const of = (kind: Difference['kind']) => differences.filter((each) => each.kind === kind)
      const [drift, expected] = [of('drift'), of('expected')]
      const [here, there] = [left.amphoraId ?? left.title, right.amphoraId ?? right.title]
      const table = (rows: readonly Difference[]) => differenceTable(rows, here, there, words)
      return [
        {
          kind: 'text',
          text: `${name}: ${
            drift.length
              ? say(words, 'compare.driftCount', {}, drift.length)
              : unjudged.length
                ? say(words, 'report.partlySame', {
                    what: unjudged.map(({ path }) => path).join(', '),
                  })
                : say(words, 'compare.same')
          }`,
        },
        ...(drift.length ? [table(drift)] : []),
        ...(expected.length
          ? [
              {
                kind: 'details',
                summary: `${name}: ${say(words, 'compare.expectedCount', {}, expected.length)}`,
                blocks: [table(expected)],
              } as const,
            ]
          : []),
      ]
    }),
  ]
}

const differenceTable = (
  rows: readonly Difference[],
  here: string,
  there: string,
  words: Words,
): Block => ({
  kind: 'table',
  head: [say(words, 'report.setting'), here, there, say(words, 'report.meaning')],
  rows: rows.map(({ path, left, right, why }) => [
    path,
    left === undefined ? '–' : quotation(left),
    right === undefined ? '–' : quotation(right),
    words.find(`compare.difference.${why}`) ?? why,
  ]),
})

function unknownBlocks({ unknown }: ExaminedScene, words: Words): Block[] {
  if (!unknown.length) return []
  const rows = unknown.map(({ rule, subject, missing }) => [
    words.find(`finding.${rule}.checks`) ?? rule,
    `${say(words, `findings.subject.${subject.kind}`)} ${subject.name ?? subject.id}`,
    [
      ...new Set(
        missing.map(
          ({ what, reason }) =>
            `${words.find(`finding.missing.${what}`) ?? what} (${unknownWords(words, reason)})`,
        ),
      ),
    ].join(', '),
  ])
  const t = (key: string) => say(words, `report.${key}`)
  return [
    heading(t('notJudged'), 3),
    { kind: 'text', text: t('notJudgedText') },
    {
      kind: 'details',
      summary: say(words, 'report.rules', {}, rows.length),
      blocks: [{ kind: 'table', head: [t('check'), t('about'), t('missing')], rows }],
    },
  ]
}

function sourceBlocks({ hosts, files, ignored, undated }: Examination, words: Words): Block[] {
  const t = (key: string) => say(words, `report.${key}`)
  const ownerOf = (path: string) =>
    hosts.filter((host) => host.files.includes(path)).map(({ name }) => name)
  return [
    heading(t('sources')),
    ...(undated.length
      ? [{ kind: 'text', text: `${t('undated')} ${undated.join(', ')}` } as const]
      : []),
    {
      kind: 'table',
      head: [t('file'), t('format'), t('host')],
      rows: files.map(({ path, content }) => [
        path,
        say(
          words,
          `review.kind.${content.kind === 'config' ? `config.${content.config}` : content.kind}`,
        ),
        ownerOf(path).join(', '),
      ]),
    },
    ...(ignored.length
      ? [
          heading(t('ignored'), 3),
          {
            kind: 'table',
            head: [t('file'), t('reason')],
            rows: ignored.map(({ file, reason }) => [file, ignoredWords(words, reason)]),
          } as const,
        ]
      : []),
  ]
}

/** Why a file says nothing; what the system said of it as it said it. */
function ignoredWords(words: Words, reason: string): string {
  const key = ignoredKey(reason)
  return key === undefined ? reason : say(words, `review.ignored.${key}`)
}
