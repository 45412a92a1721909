import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openEvidence } from '../../../main/platform/evidenceFiles'
import { dice } from '../../support/damage'

const folder = (): string => mkdtempSync(join(tmpdir(), 'evidence-'))

async function all(path: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const file of openEvidence([path])) found.push(file)
  return found
}

/** What opening tells: names below the folder, and what is in them or why they were not read. */
async function opened(root: string, limits = {}): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  const say = (path: string, said: string) => {
    const name = path.slice(root.length + 1)
    found[name] = (found[name] ?? '') + said
  }
  for await (const file of openEvidence([root], limits)) {
    if ('reason' in file) say(file.file, `! ${file.reason}`)
    else if ('octets' in file) say(file.path, Buffer.from(file.octets).toString('utf8'))
    else {
      try {
        for await (const piece of file.pieces) say(file.path, Buffer.from(piece).toString('utf8'))
      } catch (error) {
        say(file.path, `! ${String(error)}`)
      }
    }
  }
  return found
}

/** A tar archive as GNU tar and bsdtar write it. */
function tar(...files: readonly (readonly [name: string, text: string, type?: string])[]): Buffer {
  const blocks = files.flatMap(([name, text, type = '0']) => {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124)
    header.write(`${(1_795_336_750).toString(8).padStart(11, '0')}\0`, 136)
    header.write('        ', 148)
    header.write(type, 156)
    header.write('ustar\0' + '00', 257)
    const sum = header.reduce((total, octet) => total + octet, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512)
    body.write(text)
    return [header, body]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** A zip archive of deflated files. */
function zip(...files: readonly (readonly [name: string, text: string])[]): Buffer {
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [name, text] of files) {
    const packed = deflateRawSync(Buffer.from(text))
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(text.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    const listed = [Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), shared, place]
    entries.push(Buffer.concat([...listed, Buffer.from(name)]))
    bodies.push(local)
    at += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, ...entries, end])
}

/** What `xz` and `zstd` make of a few words: Node packs neither. */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQALcGFja2VkIGJ5IHh6APmK06pKgvQQAAEkDKYY2NgftvN9AQAAAAAEWVo=',
  'base64',
)
const ZSTD = Buffer.from('KLUv/QRYcQAAcGFja2VkIGJ5IHpzdGRj1mfe', 'base64')

describe('opening evidence', () => {
  it('reads folders in folders, and what is packed in them', async () => {
    const root = folder()
    mkdirSync(join(root, 'amp1'))
    writeFileSync(join(root, 'amp1', 'syslog'), 'plain')
    writeFileSync(join(root, 'syslog.1.gz'), gzipSync('packed'))
    writeFileSync(join(root, 'all.tar'), tar(['amp2/syslog', 'in a tar']))
    writeFileSync(join(root, 'all.tgz'), gzipSync(tar(['./amp2/syslog', 'in a packed tar'])))
    writeFileSync(join(root, 'all.zip'), zip(['amp2/', ''], ['amp2/syslog', 'in a zip']))
    expect(await opened(root)).toEqual({
      'amp1/syslog': 'plain',
      'all.tar/amp2/syslog': 'in a tar',
      'all.tgz/amp2/syslog': 'in a packed tar',
      'all.zip/amp2/syslog': 'in a zip',
      'syslog.1.gz': 'packed',
    })
  })

  it('dates what comes out of an archive by the archive', async () => {
    const root = folder()
    writeFileSync(join(root, 'all.tar'), tar(['syslog', 'x']))
    expect(await all(root)).toMatchObject([{ modifiedAt: 1_795_336_750_000 }])
  })

  it('takes long names from pax and GNU', async () => {
    const root = folder()
    const name = `amp1/${'long'.repeat(40)}`
    const pax = `${String(name.length + 10)} path=${name}\n`
    writeFileSync(
      join(root, 'a.tar'),
      tar(['x', pax, 'x'], ['cut', 'one'], ['L', name, 'L'], ['cut', 'two']),
    )
    expect(await opened(root)).toEqual({ [`a.tar/${name}`]: 'onetwo' })
  })

  it('does not leave what was given', async () => {
    const root = folder()
    const other = folder()
    writeFileSync(join(other, 'secret'), 'secret')
    writeFileSync(join(root, 'here'), 'here')
    symlinkSync(join(other, 'secret'), join(root, 'away'))
    symlinkSync(root, join(root, 'ring'))
    symlinkSync(join(root, 'gone'), join(root, 'nowhere'))
    writeFileSync(join(root, 'a.tar'), tar(['../up', 'x'], ['/etc/passwd', 'x'], ['link', '', '2']))
    writeFileSync(join(root, 'a.zip'), zip(['..\\up', 'x']))
    const found = await opened(root)
    expect(found['here']).toBe('here')
    expect(found['away']).toMatch(/^! a link that leads outside/)
    expect(found['nowhere']).toMatch(/^! ENOENT/)
    expect(found['a.tar/../up']).toMatch(/^! its name leads out/)
    expect(found['a.tar//etc/passwd']).toMatch(/^! its name leads out/)
    expect(found['a.tar/link']).toMatch(/^! a link/)
    expect(found['a.zip/..\\up']).toMatch(/^! its name leads out/)
    expect(Object.values(found)).not.toContain('secret')
  })

  it('unpacks xz and zstd', async () => {
    const root = folder()
    writeFileSync(join(root, 'syslog.xz'), XZ)
    writeFileSync(join(root, 'syslog.zst'), ZSTD)
    expect(await opened(root)).toEqual({
      'syslog.xz': 'packed by xz',
      'syslog.zst': 'packed by zstd',
    })
  })

  it('says how to unpack what it cannot', async () => {
    const root = folder()
    writeFileSync(join(root, 'a.bz2'), Buffer.from('BZh91AY'))
    writeFileSync(join(root, 'a.7z'), Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]))
    expect(await opened(root)).toEqual({
      'a.bz2': '! unpack it first: bunzip2',
      'a.7z': '! unpack it first: 7z x',
    })
  })

  it('gives what is big in pieces, and goes on behind what was not read', async () => {
    const root = folder()
    const big = 'x'.repeat(400_000)
    writeFileSync(join(root, 'big'), big)
    writeFileSync(join(root, 'big.gz'), gzipSync(big))
    writeFileSync(join(root, 'big.tar'), tar(['big', big], ['small', 'y']))
    expect(await opened(root, { small: 1000 })).toEqual({
      ...{ big, 'big.gz': big, 'big.tar/big': big, 'big.tar/small': 'y' },
    })
    const names: string[] = []
    for await (const file of openEvidence([root], { small: 1000 }))
      names.push('reason' in file ? file.reason : file.path.slice(root.length + 1))
    expect(names).toEqual(['big', 'big.gz', 'big.tar/big', 'big.tar/small'])
  })

  it('gives what was whole of what is cut, and says that it is cut', async () => {
    const root = folder()
    const text = Array.from({ length: 30_000 }, (_, line) => `line ${line * 7919}\n`).join('')
    for (const [name, whole] of [
      ['a.gz', gzipSync(text)],
      ['a.tar', tar(['syslog', text])],
      ['a.tgz', gzipSync(tar(['syslog', text]))],
      ['a.xz', XZ],
      ['a.zst', ZSTD],
    ] as const)
      writeFileSync(join(root, name), whole.subarray(0, whole.length * 0.7))
    writeFileSync(join(root, 'a.zip'), zip(['syslog', text]).subarray(0, 5000))
    const found = await opened(root)
    expect(found['a.gz']).toMatch(
      /^line 0\nline 7919\n[^!]{100000,}! gzip: unexpected end of file$/,
    )
    expect(found['a.tar/syslog']).toMatch(
      /^line 0\n[^!]{100000,}! the archive is damaged or cut here$/,
    )
    expect(found['a.tgz/syslog']).toMatch(/^line 0\n[^!]{100000,}! gzip: unexpected end of file$/)
    expect(found['a.xz']).toMatch(/! xz: damaged or cut$/)
    expect(found['a.zst']).toMatch(/! zstd: unexpected EOF$/)
    expect(found['a.zip/']).toBe('! the archive is damaged or cut here')
  })

  it('stops at its limits', async () => {
    const root = folder()
    writeFileSync(join(root, 'bomb.gz'), gzipSync(Buffer.alloc(100_000)))
    writeFileSync(join(root, 'big'), 'x'.repeat(5000))
    writeFileSync(join(root, 'bomb.zip'), zip(['a', 'x'.repeat(5000)]))
    mkdirSync(join(root, 'one', 'two', 'three'), { recursive: true })
    expect(await opened(root, { file: 1000, depth: 2 })).toEqual({
      big: '! too big: cut it first',
      'bomb.gz': '! too big: cut it first',
      'bomb.zip/a': '! too big: cut it first',
      'one/two/three': '! too many folders in each other',
    })
    const many = folder()
    for (const name of ['a', 'b', 'c']) writeFileSync(join(many, name), name)
    expect((await opened(many, { count: 2 }))['c']).toMatch(/^! too much/)
    expect((await opened(many, { total: 1 }))['b']).toMatch(/^! too much/)
    let nested = gzipSync('x')
    for (let times = 0; times < 9; times += 1) nested = gzipSync(nested)
    const deep = folder()
    writeFileSync(join(deep, 'deep'), nested)
    expect(await opened(deep)).toEqual({ deep: '! packed too often in each other' })
  })

  it('fails where a given path is not there', async () => {
    await expect(all(join(folder(), 'gone'))).rejects.toThrow('ENOENT')
  })

  it('survives archives that are damaged anywhere', async () => {
    const root = folder()
    const path = join(root, 'damaged')
    const whole = [
      tar(['a', 'x'.repeat(600)], ['b', 'y']),
      zip(['a', 'x'], ['b', 'y']),
      gzipSync(tar(['a', 'x'])),
      XZ,
      ZSTD,
    ]
    const roll = dice(20261122)
    for (let round = 0; round < 600; round += 1) {
      const octets = Buffer.from(whole[round % whole.length]!)
      for (let times = roll(6); times >= 0; times -= 1) octets[roll(octets.length)] = roll(256)
      writeFileSync(path, octets.subarray(0, roll(4) ? octets.length : roll(octets.length)))
      for await (const file of openEvidence([path], { file: 1_000_000 })) {
        if ('reason' in file) expect(file.reason).not.toBe('')
        else if ('octets' in file) expect(file.octets.length).toBeLessThanOrEqual(1_000_000)
      }
    }
  })
})
