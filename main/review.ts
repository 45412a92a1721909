import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SEVERITIES, type Severity } from '../preload/contract/finding'
import { printableJson, printableLine } from './domain/review/printable'
import { openEvidence } from './platform/evidenceFiles'
import { examine } from './services/review/examine'
import { htmlOf } from './services/review/html'
import { markdownOf } from './services/review/markdown'
import { textOf } from './services/review/report'
import { reportOf } from './services/review/reportDocument'
import { isAtLeast, reviewOf } from './services/review/review'
import { findingWords } from './services/review/words'
import { wordsIn } from './words'

/** Of this console: the package says it, and the build takes it over. */
const [version = ''] = Object.values(
  import.meta.glob<string>('../package.json', { eager: true, import: 'version' }),
)

const USAGE = `octavia-console review PATH… [--json|--md|--html FILE] [--language en|vi] [--fail-on critical|high|medium|low|info]

  Names what was wrong with a load balancer, and when, from files alone: logs and configurations of its amphorae,
  answers of haproxy and ip, captures of VRRP, a log of probes. PATH is a folder, a file, or an archive (gzip, xz,
  zstd, tar, zip, also in each other). Formats are told by content; nothing is sent anywhere.

  --json         one JSON object, as the README describes it
  --md           a report in Markdown, with differences of the pair's configurations
  --html FILE    the same as one HTML file that needs nothing beside it; - is standard output
  --language L   of sentences: en (default) or vi
  --fail-on S    end with status 1 when a finding of severity S or worse is there, or was there

  Status: 0 reviewed, 1 as above, 2 usage or a PATH that cannot be read.
`

/** Reviews what is at the given paths and prints what was found. @returns the exit status */
export async function review(
  argv: readonly string[],
  print = (text: string): unknown => process.stdout.write(text),
  complain = (text: string): unknown => process.stderr.write(text),
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        md: { type: 'boolean', default: false },
        html: { type: 'string' },
        language: { type: 'string', default: 'en' },
        'fail-on': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      print(USAGE)
      return 0
    }
    const { json, md, html, language, 'fail-on': severity } = values
    const isOneForm = [json, md, html !== undefined].filter(Boolean).length <= 1
    const isKnown = severity === undefined || isSeverity(severity)
    if (!positionals.length || !isOneForm || !isKnown || !isLanguage(language)) {
      complain(USAGE)
      return 2
    }
    const now = Date.now()
    const words = await wordsIn(language)
    const examination = await examine(openEvidence(positionals), now)
    const found = reviewOf(examination, (rule, filled) => {
      return findingWords(words, { rule, values: filled }).cause || rule
    })
    const report = () => reportOf(examination, words, { madeAt: now, version })
    if (json) print(`${printableJson(JSON.stringify(found, null, 2))}\n`)
    else if (md) print(markdownOf(report()).split('\n').map(printableLine).join('\n'))
    else if (html === '-') print(htmlOf(report()))
    else if (html !== undefined) writeFileSync(html, htmlOf(report()), { mode: 0o600 })
    else print(textOf(found))
    return severity !== undefined && isAtLeast(found, severity) ? 1 : 0
  } catch (error) {
    complain(`${printableLine(error instanceof Error ? error.message : String(error))}\n`)
    return 2
  }
}

const isSeverity = (text: string): text is Severity =>
  (SEVERITIES as readonly string[]).includes(text)

const isLanguage = (text: string): text is 'en' | 'vi' => text === 'en' || text === 'vi'
