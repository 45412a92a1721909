import { describe, expect, it } from 'vitest'
import { inPieces } from '../../../../../main/services/capture/logPieces'

async function piecesOf(text: string, chunk: number, atLeast: number): Promise<string[]> {
  const octets = new TextEncoder().encode(text)
  const chunks = async function* () {
    for (let at = 0; at < octets.length; at += chunk)
      yield await Promise.resolve(octets.subarray(at, at + chunk))
  }
  const pieces: string[] = []
  for await (const piece of inPieces(chunks(), atLeast)) pieces.push(piece)
  return pieces
}

const TEXT = Array.from({ length: 50 }, (_, line) => `${line} điều gì đó\n`).join('')

describe('a log in pieces', () => {
  it.each([1, 3, 7, 64, 10_000])('is the same log, in chunks of %i octets', async (chunk) => {
    const pieces = await piecesOf(TEXT, chunk, 100)
    expect(pieces.join('')).toBe(TEXT)
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n'))).toBe(true)
  })

  it('is cut in the middle of no line, the last without its end included', async () => {
    expect(await piecesOf('one\ntwo\nthree', 5, 1)).toEqual(['one\n', 'two\n', 'three'])
  })

  it('has a private key in one piece', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'a1b2\n'.repeat(40)}-----END PRIVATE KEY-----\n`
    const pieces = await piecesOf(`before\n${key}after\n`, 6, 10)
    expect(pieces.filter((piece) => piece.includes('a1b2'))).toHaveLength(1)
    expect(pieces.join('')).toBe(`before\n${key}after\n`)
  })

  it('does not wait for the end of a key that never ends', async () => {
    const pieces = await piecesOf(`-----BEGIN PRIVATE KEY-----\n${'x\n'.repeat(60_000)}`, 1000, 10)
    expect(pieces.length).toBeGreaterThan(1)
  })

  it('of nothing is none', async () => {
    expect(await piecesOf('', 1, 1)).toEqual([])
  })
})
