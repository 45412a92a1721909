import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openEvidence } from '../../../main/platform/evidenceFiles'
import { dice } from '../../support/damage'

const folder = (): string => mkdtempSync(join(tmpdir(), 'evidence-'))

/** What opening tells: names below the folder, and what is in them or why they were not read. */
function opened(root: string, limits = {}): Record<string, string> {
  const found = [...openEvidence([root], limits)].map((file) =>
    'octets' in file
      ? ([file.path, Buffer.from(file.octets).toString('utf8')] as const)
      : ([file.file, `! ${file.reason}`] as const),
  )
  return Object.fromEntries(found.map(([path, said]) => [path.slice(root.length + 1), said]))
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

describe('opening evidence', () => {
  it('reads folders in folders, and what is packed in them', () => {
    const root = folder()
    mkdirSync(join(root, 'amp1'))
    writeFileSync(join(root, 'amp1', 'syslog'), 'plain')
    writeFileSync(join(root, 'syslog.1.gz'), gzipSync('packed'))
    writeFileSync(join(root, 'all.tar'), tar(['amp2/syslog', 'in a tar']))
    writeFileSync(join(root, 'all.tgz'), gzipSync(tar(['./amp2/syslog', 'in a packed tar'])))
    writeFileSync(join(root, 'all.zip'), zip(['amp2/', ''], ['amp2/syslog', 'in a zip']))
    expect(opened(root)).toEqual({
      'amp1/syslog': 'plain',
      'all.tar/amp2/syslog': 'in a tar',
      'all.tgz/amp2/syslog': 'in a packed tar',
      'all.zip/amp2/syslog': 'in a zip',
      'syslog.1.gz': 'packed',
    })
  })

  it('dates what comes out of an archive by the archive', () => {
    const root = folder()
    writeFileSync(join(root, 'all.tar'), tar(['syslog', 'x']))
    expect([...openEvidence([root])]).toMatchObject([{ modifiedAt: 1_795_336_750_000 }])
  })

  it('takes long names from pax and GNU', () => {
    const root = folder()
    const name = `amp1/${'long'.repeat(40)}`
    const pax = `${String(name.length + 10)} path=${name}\n`
    writeFileSync(
      join(root, 'a.tar'),
      tar(['x', pax, 'x'], ['cut', 'one'], ['L', name, 'L'], ['cut', 'two']),
    )
    expect(Object.keys(opened(root))).toEqual([`a.tar/${name}`])
    expect(Object.values(opened(root))).toEqual(['two'])
  })

  it('does not leave what was given', () => {
    const root = folder()
    const other = folder()
    writeFileSync(join(other, 'secret'), 'secret')
    writeFileSync(join(root, 'here'), 'here')
    symlinkSync(join(other, 'secret'), join(root, 'away'))
    symlinkSync(root, join(root, 'ring'))
    symlinkSync(join(root, 'gone'), join(root, 'nowhere'))
    writeFileSync(join(root, 'a.tar'), tar(['../up', 'x'], ['/etc/passwd', 'x'], ['link', '', '2']))
    writeFileSync(join(root, 'a.zip'), zip(['..\\up', 'x']))
    const found = opened(root)
    expect(found['here']).toBe('here')
    expect(found['away']).toMatch(/^! a link that leads outside/)
    expect(found['nowhere']).toMatch(/^! ENOENT/)
    expect(found['a.tar/../up']).toMatch(/^! its name leads out/)
    expect(found['a.tar//etc/passwd']).toMatch(/^! its name leads out/)
    expect(found['a.tar/link']).toMatch(/^! a link/)
    expect(found['a.zip/..\\up']).toMatch(/^! its name leads out/)
    expect(Object.values(found)).not.toContain('secret')
  })

  it('says how to unpack what it cannot', () => {
    const root = folder()
    writeFileSync(join(root, 'a.zst'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1]))
    writeFileSync(join(root, 'a.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]))
    expect(opened(root)).toEqual({
      'a.xz': '! unpack it first: unxz',
      'a.zst': '! unpack it first: unzstd',
    })
  })

  it('stops at its limits', () => {
    const root = folder()
    writeFileSync(join(root, 'bomb.gz'), gzipSync(Buffer.alloc(100_000)))
    writeFileSync(join(root, 'big'), 'x'.repeat(5000))
    writeFileSync(join(root, 'bomb.zip'), zip(['a', 'x'.repeat(5000)]))
    mkdirSync(join(root, 'one', 'two', 'three'), { recursive: true })
    expect(opened(root, { file: 1000, depth: 2 })).toEqual({
      big: '! too big: cut it first',
      'bomb.gz': expect.stringMatching(/^! gzip: /) as string,
      'bomb.zip/a': '! too big when unpacked',
      'one/two/three': '! too many folders in each other',
    })
    const many = folder()
    for (const name of ['a', 'b', 'c']) writeFileSync(join(many, name), name)
    expect(opened(many, { count: 2 })['c']).toMatch(/^! too much/)
    expect(opened(many, { total: 1 })['b']).toMatch(/^! too much/)
  })

  it('fails where a given path is not there', () => {
    expect(() => [...openEvidence([join(folder(), 'gone')])]).toThrow('ENOENT')
  })

  it('survives archives that are damaged anywhere', () => {
    const root = folder()
    const path = join(root, 'damaged')
    const whole = [
      tar(['a', 'x'.repeat(600)], ['b', 'y']),
      zip(['a', 'x'], ['b', 'y']),
      gzipSync(tar(['a', 'x'])),
    ]
    const roll = dice(20261122)
    for (let round = 0; round < 600; round += 1) {
      const octets = Buffer.from(whole[round % whole.length]!)
      for (let times = roll(6); times >= 0; times -= 1) octets[roll(octets.length)] = roll(256)
      writeFileSync(path, octets.subarray(0, roll(4) ? octets.length : roll(octets.length)))
      for (const file of openEvidence([path], { file: 1_000_000 })) {
        if ('reason' in file) expect(file.reason).not.toBe('')
        else expect(file.octets.length).toBeLessThanOrEqual(1_000_000)
      }
    }
  })
})
