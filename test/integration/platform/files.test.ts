import { spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { beforeEach, describe, expect, it } from 'vitest'
import { JsonFile, LineFile } from '../../../main/platform/files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'console-files-'))
})

const numbers = (path = join(folder, 'deep', 'numbers.json')) =>
  new JsonFile<number[]>(
    path,
    (value) => {
      if (!Array.isArray(value)) throw new Error('not a list')
      return value as number[]
    },
    [],
  )

describe('JsonFile', () => {
  it('answers the fallback until something was written, and what was written after', async () => {
    const file = numbers()
    expect(await file.read()).toEqual([])
    await file.write([1, 2])
    expect(await numbers().read()).toEqual([1, 2])
  })

  it('keeps its files to this user and leaves no drafts', async () => {
    const file = numbers()
    await file.write([1])
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['numbers.json'])
  })

  it('loses no change when many come at once', async () => {
    const file = numbers()
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => file.update((list) => [...list, number])),
    )
    expect(await file.read()).toHaveLength(50)
  })

  it.each(['{', '"text"', ''])(
    'names the file when it holds %j, and does not overwrite it',
    async (text) => {
      const path = join(folder, 'numbers.json')
      writeFileSync(path, text)
      const file = numbers(path)
      await expect(file.read()).rejects.toMatchObject({
        reason: 'store.unreadable',
        values: { path },
      })
      await expect(file.update((list) => list)).rejects.toMatchObject({
        reason: 'store.unreadable',
      })
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('names the file that cannot be written', async () => {
    const file = numbers(join(folder, 'file', 'numbers.json'))
    writeFileSync(join(folder, 'file'), '')
    await expect(file.write([1])).rejects.toMatchObject({ reason: 'store.unwritable' })
  })

  it('holds the old value or the new one when its writer is killed', async () => {
    const path = join(folder, 'killed.json')
    await build({
      logLevel: 'error',
      build: {
        ssr: 'main/platform/files.ts',
        outDir: folder,
        rolldownOptions: { output: { entryFileNames: 'files.mjs' } },
      },
    })
    const program = `
      import { JsonFile } from ${JSON.stringify(join(folder, 'files.mjs'))}
      const file = new JsonFile(${JSON.stringify(path)}, (value) => value, [])
      for (let n = 0; ; n += 1) {
        await file.write(Array(2000).fill(n))
        if (n === 3) process.stdout.write('writing')
      }`
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program])
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, round * 7))
      child.kill('SIGKILL')
      await new Promise((resolve) => child.on('exit', resolve))
      const list = await numbers(path).read()
      expect(list).toHaveLength(2000)
      expect(new Set(list).size).toBe(1)
    }
  })
})

describe('LineFile', () => {
  it('keeps lines in order, over restarts', async () => {
    const path = join(folder, 'lines.jsonl')
    await Promise.all([1, 2, 3].map((number) => new LineFile(path).append({ number })))
    await new LineFile(path).append({ number: 4 })
    expect(await new LineFile(path).read()).toHaveLength(4)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('leaves out a line that a crash cut short, and glues nothing to it', async () => {
    const path = join(folder, 'lines.jsonl')
    const file = new LineFile(path)
    await file.append({ number: 1 })
    appendFileSync(path, '{"number":')
    await file.append({ number: 2 })
    expect(await file.read()).toEqual([{ number: 1 }, { number: 2 }])
  })

  it('has no lines before the first', async () => {
    expect(await new LineFile(join(folder, 'none')).read()).toEqual([])
  })
})
