import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Arming } from '../../../../../main/services/clouds/arming'
import { ListedAudit } from '../../../../support/openClouds'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('is read-only until it is armed, for one cloud alone, and puts that on the record', async () => {
  const audit = new ListedAudit()
  const arming = new Arming(audit, () => {})
  expect(() => arming.requireArmed('a')).toThrow(
    expect.objectContaining({ reason: 'safety.readOnly' }),
  )
  await arming.arm('a', 5)
  expect(() => arming.requireArmed('a')).not.toThrow()
  expect(() => arming.requireArmed('b')).toThrow()
  await arming.disarm('a', 'operator')
  expect(() => arming.requireArmed('a')).toThrow()
  expect(audit.entries).toMatchObject([
    { action: 'cloud.arm', cloud: 'a', notes: ['5 min'], result: 'ok' },
    { action: 'cloud.disarm', cloud: 'a', notes: ['operator'], result: 'ok' },
  ])
})

it('disarms by itself, and announces and records it', async () => {
  const audit = new ListedAudit()
  const changed = vi.fn()
  const arming = new Arming(audit, changed)
  await arming.arm('a', 5)
  changed.mockClear()
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  expect(changed).toHaveBeenCalledExactlyOnceWith('a')
  expect(arming.until('a')).toBeUndefined()
  expect(audit.entries.at(-1)).toMatchObject({ action: 'cloud.disarm', notes: ['expired'] })
})

it('starts the time anew when it is armed again', async () => {
  const arming = new Arming(new ListedAudit(), () => {})
  await arming.arm('a', 5)
  await vi.advanceTimersByTimeAsync(4 * 60_000)
  await arming.arm('a', 5)
  await vi.advanceTimersByTimeAsync(4 * 60_000)
  expect(() => arming.requireArmed('a')).not.toThrow()
})

it('does not arm what cannot be put on the record, and disarms nonetheless', async () => {
  const audit = new ListedAudit()
  const arming = new Arming(audit, () => {})
  await arming.arm('a', 5)
  audit.start = () => Promise.reject(new Error('disk full'))
  await expect(arming.arm('b', 5)).rejects.toThrow('disk full')
  expect(() => arming.requireArmed('b')).toThrow()
  await expect(arming.disarm('a', 'operator')).rejects.toThrow('disk full')
  expect(() => arming.requireArmed('a')).toThrow()
})
