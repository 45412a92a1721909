import { expect, it } from 'vitest'
import type { AmphoraFacts, InspectionPart } from '../../../../../preload/contract/inspect'
import type { Pair, PairItem } from '../../../../../preload/contract/pair'
import { AmphoraLooks } from '../../../../../main/services/diagnosis/amphoraLooks'
import { ApiLooks } from '../../../../../main/services/diagnosis/apiLooks'
import type { PairWatch } from '../../../../../main/services/pairs/pairWatch'

type LogState = Extract<PairItem, { kind: 'log' }>['state']

/** A pair of one amphora whose connection and log are as the test says. */
function bench() {
  const state = { connection: 'live', log: 'live' as LogState }
  const side = () => ({ amphoraId: 'a', connection: { state: state.connection, since: 1 } })
  const watch = {
    ...{ cloud: 'cloud', loadBalancerId: 'lb' },
    get pair() {
      return { sides: [side()] } as unknown as Pair
    },
    side: () => ({
      log: {
        state: { kind: 'log', amphoraId: 'a', state: state.log, at: 7, source: 'journal' },
        history: [{ rawAt: 2 }, { rawAt: 1 }],
      },
    }),
  } as unknown as PairWatch
  const reading: ((facts: AmphoraFacts | Error) => void)[] = []
  const asked: (readonly InspectionPart[])[] = []
  const abort = new AbortController()
  const inspection = {
    read: (...[, , , parts, signal]: Parameters<AmphoraLooksReader>) => {
      asked.push(parts)
      return new Promise<AmphoraFacts>((resolve, reject) => {
        reading.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
        signal.addEventListener('abort', () => reject(new Error('cancelled')))
      })
    },
  }
  const looks = new AmphoraLooks(inspection, watch, () => undefined)
  const seen = () => looks.factsOf(watch.pair.sides[0]!)
  return { state, looks, seen, reading, asked, abort }
}
type AmphoraLooksReader = ConstructorParameters<typeof AmphoraLooks>[0]['read']

const facts = (agent: string) => ({ agent: { name: agent } }) as unknown as AmphoraFacts
const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

it('ends quietly while heartbeats are still waited for', async () => {
  const { looks, reading, asked, abort } = bench()
  const look = looks.inspect(abort.signal)
  reading[0]!(facts('none'))
  await look
  expect(asked.at(-1)).toEqual(['agent'])
  // An unhandled rejection would end the console; here it fails the run.
  abort.abort()
  await turn()
})

it('keeps the part of the agent that came while a quick look was under way', async () => {
  const { looks, seen, reading, abort } = bench()
  const first = looks.inspect(abort.signal)
  reading[0]!(facts('none'))
  await first
  const second = looks.inspect(abort.signal)
  reading[1]!(facts('slow'))
  await turn()
  reading[2]!(facts('none'))
  await second
  expect(seen().inspection?.agent).toEqual({ name: 'slow' })
})

it('sees members between two inspections, and nothing that an inspection has overtaken', async () => {
  const { looks, seen, reading, asked, abort } = bench()
  const at = (endedAt: number, haproxy: string) =>
    ({ ...facts('none'), endedAt, haproxy: { name: haproxy } }) as unknown as AmphoraFacts
  await looks.readHaproxy(abort.signal)
  expect(asked).toEqual([])
  const first = looks.inspect(abort.signal)
  reading[0]!(at(100, 'first'))
  await first
  const members = looks.readHaproxy(abort.signal)
  expect(asked.at(-1)).toEqual(['haproxy'])
  reading.at(-1)!(at(200, 'newer'))
  await members
  expect(seen().inspection?.haproxy).toEqual({ name: 'newer' })
  const late = looks.readHaproxy(abort.signal)
  reading.at(-1)!(at(50, 'older'))
  await late
  expect(seen().inspection).toMatchObject({ endedAt: 100, haproxy: { name: 'newer' } })
})

it('forgets what it can no longer see', async () => {
  const { looks, seen, reading, abort } = bench()
  const first = looks.inspect(abort.signal)
  reading[0]!(facts('none'))
  await first
  expect(seen().inspection).toBeDefined()
  const second = looks.inspect(abort.signal)
  reading.at(-1)!(new Error('no answer'))
  await second
  expect(seen().inspection).toBeUndefined()
})

it('judges by a log only while it is followed, in the order of its times', () => {
  const { state, seen } = bench()
  expect(seen().lines).toMatchObject({ value: [{ rawAt: 1 }, { rawAt: 2 }] })
  for (const lost of ['lost', 'failed', 'connecting'] as const) {
    state.log = lost
    expect(seen().lines).toEqual({ unknown: 'notYet', at: 7 })
  }
})

it('does not go on believing what is around a load balancer that cannot be read', async () => {
  const { signal } = new AbortController()
  const no = () => Promise.reject(new Error('no'))
  const looks = new ApiLooks(
    {
      loadBalancers: { read: no },
      amphorae: { list: no },
      network: { read: no },
      compute: { read: no },
    },
    { cloud: 'cloud', loadBalancerId: 'lb' },
  )
  looks.network = { ...looks.network, freeAddresses: { value: 9, at: 1 } }
  await looks.read(signal)
  await looks.readSurroundings(signal)
  expect(looks.detail).toMatchObject({ unknown: 'answer.malformed' })
  expect(looks.network.freeAddresses).toEqual({ unknown: 'answer.malformed' })
})
