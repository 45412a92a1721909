import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { review } from '../../../main/review'
import type { Review } from '../../../main/services/review/report'
import { capture, scenario } from '../../unit/main/domain/captures'

const LOG = capture(`${scenario('s01')}/amp1.syslog`)
/** No review of one hostile file takes longer, nor holds more memory than this beside what there is. */
const SECONDS = 30
const MEBIBYTES = 400

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<string> {
  let out = ''
  await review([...argv, folder], (text) => (out += text))
  return out
}
const found = async (): Promise<Review> => JSON.parse(await run('--json')) as Review
const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content)

/** What is told of files that are not read, or not to their end. */
const reasons = async (): Promise<Record<string, string>> => {
  const before = process.memoryUsage.rss()
  const { ignored } = await found()
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(MEBIBYTES)
  return Object.fromEntries(
    ignored.map(({ file, reason }) => [file.slice(folder.length + 1), reason]),
  )
}

describe('hostile evidence', { timeout: SECONDS * 1000 }, () => {
  it('of ten gigabytes that are not there is not read', async () => {
    put('sparse', LOG)
    truncateSync(join(folder, 'sparse'), 10 * 2 ** 30)
    expect(await reasons()).toEqual({ sparse: 'too big: cut it first' })
  })

  it('that is a log with a hole of gigabytes behind it is read up to there', async () => {
    put('syslog', `${LOG.repeat(40)}\n`)
    truncateSync(join(folder, 'syslog'), 4 * 2 ** 30)
    const { findings, ignored } = await found()
    expect(findings.map(({ rule }) => rule)).toContain('keepalived.stopped')
    expect(ignored[0]?.reason).toBe('nothing but zeros from here on: read up to there')
  })

  it('that unpacks to much more is left as soon as it is known for what it is', async () => {
    const zeros = gzipSync(Buffer.alloc(200 * 2 ** 20), { level: 9 })
    put('zeros.gz', zeros)
    put('nested.gz', gzipSync(gzipSync(zeros)))
    put('words.gz', gzipSync('no log at all '.repeat(8_000_000), { level: 1 }))
    const told = await reasons()
    expect(told['zeros.gz']).toMatch(/^binary/)
    expect(told['nested.gz']).toMatch(/^binary/)
    expect(told['words.gz']).toBe('no log, and too big for anything else that this command knows')
  })

  it('that is no file at all is neither waited for nor followed', async () => {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('/dev/zero', join(folder, 'zero'))
    symlinkSync(folder, join(folder, 'ring'))
    expect(await reasons()).toEqual({
      pipe: 'no regular file',
      zero: 'a link that leads outside of what was given',
    })
  })

  it('with a line of a million characters is read around it', async () => {
    put('syslog', `${LOG}${'Keepalived '.repeat(100_000)}\n`)
    put('head', `${'x'.repeat(1_000_000)}\n${LOG}`)
    const { findings } = await found()
    expect(findings.map(({ rule }) => rule)).toEqual(['keepalived.stopped'])
  })

  it('that is no UTF-8 is read all the same', async () => {
    const file = openSync(join(folder, 'syslog'), 'w')
    for (const line of LOG.split('\n')) {
      writeSync(file, Buffer.from([0xff, 0xc3, 0x28, 0x0a]))
      writeSync(file, `${line}\n`)
      writeSync(file, Buffer.from([0xe2, 0x82]))
    }
    closeSync(file)
    await expect(found()).resolves.toHaveProperty('ignored')
  })

  it('neither forges lines nor commands the terminal', async () => {
    const at = '1795336750279486'
    const said = 'Stopped Keepalived v2.2.7\n  CRITICAL  forged.finding  \u001b[2J\u009b31m\u202e'
    const record = {
      ...{ __CURSOR: 's=1', __REALTIME_TIMESTAMP: at, SYSLOG_IDENTIFIER: 'Keepalived' },
      ...{ _HOSTNAME: 'amphora-3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61', MESSAGE: said },
    }
    put('journal', `${JSON.stringify(record)}\n`)
    put('strange\u001b[31m\nCRITICAL', 'x')
    for (const out of [await run(), await run('--json')]) {
      expect(out).not.toMatch(/^ {0,4}CRITICAL/m)
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    }
  })

  it('that is junk is ignored with a reason', async () => {
    put('junk', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)))
    put('utf16', Buffer.from(`\ufeff${LOG}`, 'utf16le'))
    const told = await reasons()
    expect(told['junk']).toMatch(/^binary/)
    expect(told['utf16']).toBe('text in UTF-16: save it as UTF-8 first')
  })
})
