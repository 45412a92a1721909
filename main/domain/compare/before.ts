import { parseHaproxy } from '../config/haproxy'
import { parseIni } from '../config/ini'
import { parseKeepalived } from '../config/keepalived'
import { agentEntries } from './agents'
import type { Compared } from './compared'
import { contrast, differenceOf, type Entry } from './entries'
import { haproxyEntries } from './haproxyEntries'
import { keepalivedEntries } from './keepalivedEntries'

/** A file as it was at some time: its text without secrets, and the digest of the whole. */
export interface Version {
  text: string
  /** Two equal digests are two equal files, secrets included. */
  digest: string
}

/** What changed in a file since it was last looked at. Where only a secret did, the texts do not tell, and the digest does. */
export function compareVersionsOf(kind: string, before: Version, now: Version): Compared {
  if (before.digest === now.digest) return { differences: [], unjudged: [] }
  const differences = contrast(entriesOf(kind, before.text), entriesOf(kind, now.text)).map(
    (found) => differenceOf(found, 'drift', found.reordered ? 'reordered' : changeOf(found)),
  )
  if (before.text === now.text) {
    differences.push({ path: 'secret', kind: 'drift', why: 'secretChanged' })
  } else if (!differences.length) {
    differences.push({ path: 'layout', kind: 'expected', why: 'layout' })
  }
  return { differences, unjudged: [] }
}

const changeOf = ({ left, right }: { left?: Entry; right?: Entry }): string =>
  left && right ? 'changed' : left ? 'removed' : 'added'

/** What a file says, in the terms of its format; of other formats each line that says something. */
function entriesOf(kind: string, text: string): Entry[] {
  switch (kind) {
    case 'keepalived':
      return keepalivedEntries(parseKeepalived(text))
    case 'haproxy':
      return haproxyEntries(parseHaproxy(text))
    case 'agent':
      return agentEntries(parseIni(text))
    default:
      return text.split('\n').flatMap((line, index) => {
        const value = line.trim()
        return value ? [{ path: 'line', value, line: index + 1, ordered: true as const }] : []
      })
  }
}
