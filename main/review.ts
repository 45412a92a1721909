import { parseArgs } from 'node:util'
import type { Values } from '../preload/contract/error'
import { SEVERITIES, type Severity } from '../preload/contract/finding'
// Words are data, and the page has them already: of the main side only this file, which prints them, reads them.
import findingWords from '../renderer/locales/en/finding.json'
import { openEvidence } from './platform/evidenceFiles'
import { examine } from './services/review/examine'
import { isAtLeast, reviewOf } from './services/review/review'
import { textOf } from './services/review/report'

const USAGE = `octavia-console review PATH… [--json] [--fail-on critical|high|medium|low|info]

  Names what was wrong with a load balancer, and when, from files alone: logs and configurations of its amphorae,
  answers of haproxy and ip, captures of VRRP, a log of probes. PATH is a folder, a file, or an archive (.gz, .tar,
  .tar.gz, .zip). Formats are told by content; nothing is sent anywhere.

  --json       one JSON object, as the README describes it
  --fail-on S  end with status 1 when a finding of severity S or worse is there, or was there

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
        'fail-on': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      print(USAGE)
      return 0
    }
    const severity = values['fail-on']
    if (!positionals.length || (severity !== undefined && !isSeverity(severity))) {
      complain(USAGE)
      return 2
    }
    const examination = await examine(openEvidence(positionals), Date.now())
    const found = reviewOf(examination, causeOf)
    print(values.json ? `${JSON.stringify(found, null, 2)}\n` : textOf(found))
    return severity !== undefined && isAtLeast(found, severity) ? 1 : 0
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
}

const isSeverity = (text: string): text is Severity =>
  (SEVERITIES as readonly string[]).includes(text)

/** The sentence of a rule's cause, its placeholders filled. */
function causeOf(rule: string, values: Values): string {
  const words: Readonly<Record<string, Readonly<Record<string, unknown>>>> = findingWords
  const [area = '', what = ''] = rule.split('.')
  const told = words[area]?.[what] as { cause?: string } | undefined
  return (told?.cause ?? rule).replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
}
