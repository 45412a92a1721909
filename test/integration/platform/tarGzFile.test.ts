import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openEvidence } from '../../../main/platform/evidenceFiles'
import { listFiles, TarGzFile } from '../../../main/platform/tarGzFile'

const LIMIT_MS = 20_000
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tar-'))
  path = join(folder, 'deep', 'a.tar.gz')
})

async function entriesOf(file: string): Promise<unknown[]> {
  const entries = []
  for await (const opened of openEvidence([file])) {
    if (!('octets' in opened)) throw new Error('What was added is small and whole.')
    const name = opened.path.slice(file.length + 1)
    entries.push([name, Buffer.from(opened.octets).toString(), opened.modifiedAt])
  }
  return entries
}

describe('an archive that grows', { timeout: LIMIT_MS }, () => {
  it('holds what was added, in that order, with names of any length', async () => {
    const archive = await TarGzFile.create(path)
    const long = `${'folder/'.repeat(20)}${'n'.repeat(90)}`
    const big = 'x'.repeat(3_000_000)
    const added = [
      archive.add('empty', '', 1_000),
      archive.add('words', 'Xin chào', 5_000),
      archive.add(long, big, 1_795_345_414_000),
    ]
    await Promise.all(added)
    const size = await archive.finish(path)

    expect(statSync(path).size).toBe(size)
    expect(await entriesOf(path)).toEqual([
      ['empty', '', 1_000],
      ['words', 'Xin chào', 5_000],
      [long, big, 1_795_345_414_000],
    ])
  })

  it('is readable by its owner only, and has its name only once it is whole', async () => {
    const archive = await TarGzFile.create(path)
    await archive.add('a', 'b', 0)
    expect(readdirSync(join(folder, 'deep'))).toEqual([expect.stringMatching(/\.part$/)])
    await archive.finish(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await listFiles(join(folder, 'deep'))).toMatchObject([{ name: 'a.tar.gz' }])
  })

  it('takes the place of nothing', async () => {
    const archive = await TarGzFile.create(path)
    writeFileSync(path, 'mine')
    await expect(archive.finish(path)).rejects.toMatchObject({ reason: 'store.unwritable' })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(readdirSync(join(folder, 'deep'))).toEqual(['a.tar.gz'])
  })

  it('leaves nothing behind when it is given up', async () => {
    const archive = await TarGzFile.create(path)
    await archive.add('a', 'b'.repeat(100_000), 0)
    await archive.discard()
    expect(readdirSync(join(folder, 'deep'))).toEqual([])
  })

  it('says why it cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(TarGzFile.create(join(folder, 'file', 'a.tar.gz'))).rejects.toMatchObject({
      reason: 'store.unwritable',
    })
    const archive = await TarGzFile.create(path)
    await expect(archive.add('n'.repeat(300), '', 0)).rejects.toMatchObject({
      reason: 'store.unwritable',
    })
    await archive.discard()
  })
})

it('lists nothing where there is no folder', async () => {
  expect(await listFiles('/nonexistent')).toEqual([])
})
