import type { Fact } from '../../../../../preload/contract/common'

export const LOAD_BALANCER = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
export const FIRST = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
export const SECOND = 'b64b8e2a-7c1d-4f27-9d3a-6e5f40312a72'
export const VIP = '10.77.1.100'
export const LISTENER = '4f9c2a6d-3b1e-4c8f-a2d7-6e5b4a392817'
export const POOL = 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c01'
export const MEMBERS = [
  'e1a1c7de-1111-4c2b-9b1c-0a0000000021',
  'e2a2c7de-2222-4c2b-9b1c-0a0000000022',
] as const
export const GROUP = 'a0000000-0000-4000-8000-000000000001'
export const IDS = { amp1: FIRST, amp2: SECOND } as const
export const DAY = 86_400_000

/** An hour after the captures; nothing has happened since. */
export const NOW = Date.UTC(2026, 10, 22, 10, 0, 0)
export const LONG_AGO = NOW - 3_600_000

type Who = 'amp1' | 'amp2'

export const known = <T>(value: T, evidence = 'e1'): Fact<T> => ({
  value,
  at: NOW - 2000,
  evidence,
})

export const isFirst = (who: Who): boolean => who === 'amp1'
export const number = (who: Who): 1 | 2 => (isFirst(who) ? 1 : 2)
