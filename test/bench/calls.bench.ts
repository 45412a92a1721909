import type { PairItem } from '../../preload/contract/pair'
import { pair } from '../../preload/contract/pair'
import { follow } from '../../renderer/api/client'
import { localBridge } from '../support/localBridge'
import { perSecond, say, sideBySide, timed } from './sideBySide'

const ITEMS = 200_000
const SUBJECT = {
  cloud: 'alpha',
  loadBalancerId: 'eda5c29b-d69e-497d-a81c-5cdcc5dc3079',
  lines: 0,
}

const anItem = (number: number): PairItem => ({
  kind: 'lines',
  lines: [
    {
      amphoraId: 'eb14058d-4bef-458a-b249-224ccf63b498',
      at: 1_795_336_696_751 + number,
      rawAt: 1_795_336_697_001 + number,
      errorMs: 4,
      cursor: `s=444f;i=${number.toString(16)};b=426e;m=1;t=1;x=${number.toString(16)}`,
      identifier: 'Keepalived_vrrp',
      pid: 134,
      text: '(eda5c29bd69e497da81c5cdcc5dc3079) Entering MASTER STATE',
      meaning: 'enterMaster',
    },
  ],
})

/** Asked for one by one, as every stream of the console is. */
async function* items(): AsyncGenerator<PairItem, void> {
  for (let number = 0; number < ITEMS; number += 1) yield await Promise.resolve(anItem(number))
}

const { 'pair.follow': declared } = pair
const bridge = localBridge({ 'pair.follow': declared }, { 'pair.follow': items })
// Where the page looks for the bridge of a preload script.
Object.assign(globalThis, { window: { bridge } })

const { consoleMs, bareMs, ratio } = await sideBySide(
  3,
  () =>
    timed(async () => {
      let received = 0
      for await (const item of follow('pair.follow', SUBJECT))
        if (item.kind === 'lines') received += 1
      if (received !== ITEMS) throw new Error(`${received} of ${ITEMS} items arrived.`)
    }),
  () =>
    timed(
      () =>
        new Promise<void>((resolve) => {
          const { port1, port2 } = new MessageChannel()
          let received = 0
          port1.onmessage = () => {
            received += 1
            if (received < ITEMS) return
            port1.close()
            resolve()
          }
          for (let number = 0; number < ITEMS; number += 1)
            port2.postMessage({ items: [anItem(number)] })
        }),
    ),
)
say(
  `calls: ${perSecond(ITEMS, consoleMs)} items of a stream with credit, a bare MessageChannel ${perSecond(ITEMS, bareMs)}; time ratio ${ratio.toFixed(2)} (goal 2)`,
)
