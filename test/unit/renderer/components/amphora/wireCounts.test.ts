import { expect, it } from 'vitest'
import type { VrrpPacket } from '../../../../../preload/contract/inspect'
import { asOneLine, pasteToAsk } from '../../../../../renderer/components/amphora/pasteGuard'
import { advertisers, sourcesOf } from '../../../../../renderer/components/amphora/wireCounts'

const packet = (at: number, source: string, wishes: Partial<VrrpPacket> = {}): VrrpPacket => ({
  ...{ at, source, destination: '10.0.0.2', version: 2, virtualRouterId: 1, priority: 100 },
  ...{ advertInterval: 1, addresses: ['10.0.0.9'], authentication: 'password', ttl: 255 },
  checksumRight: true,
  ...wishes,
})

it('counts what each source sent, how regularly, and what was wrong with it', () => {
  const [a, b] = sourcesOf([
    packet(0, 'a'),
    packet(1000, 'a'),
    packet(1500, 'b', { priority: 90 }),
    packet(3000, 'a', { checksumRight: false }),
  ])
  expect(a).toMatchObject({ source: 'a', count: 3, meanMs: 1500, longestMs: 2000, badChecksums: 1 })
  expect(b).toMatchObject({ source: 'b', count: 1, meanMs: undefined, last: { priority: 90 } })
})

it('says who advertises: not who fell silent, nor who said goodbye', () => {
  const sources = sourcesOf([
    packet(0, 'silent'),
    packet(9000, 'leaving', { priority: 0 }),
    packet(9500, 'master'),
  ])
  expect(advertisers(sources, 10_000).map(({ source }) => source)).toEqual(['master'])
  expect(advertisers(sources, 60_000)).toEqual([])
})

it('counts two who advertise at a time', () => {
  const sources = sourcesOf([packet(0, 'a'), packet(100, 'b')])
  expect(advertisers(sources, 200)).toHaveLength(2)
})

it('asks before text is pasted that would run by itself, or does what is not seen', () => {
  expect(pasteToAsk('ls -l')).toBeUndefined()
  expect(pasteToAsk('a\tb')).toBeUndefined()
  expect(pasteToAsk('ls\n')).toMatchObject({ lines: 1 })
  expect(pasteToAsk('a\r\nb\rc\n')).toMatchObject({ lines: 3 })
  expect(pasteToAsk('\u001b[201~rm')).toMatchObject({ lines: 0 })
})

it('makes one line of it that nothing runs by itself', () => {
  expect(asOneLine('echo a\n  echo b\r\n')).toBe('echo a echo b')
  expect(asOneLine('\u001b[201~x\u0003')).toBe('[201~x')
})
