import { compareHaproxyApi } from '../../main/domain/compare/haproxyApi'
import { compareHaproxyPair } from '../../main/domain/compare/haproxyPair'
import { parseHaproxy } from '../../main/domain/config/haproxy'
import { alignLines } from '../../renderer/components/compare/alignLines'
import { manyListeners } from '../support/manyListeners'
import { median, say, timed } from './sideBySide'

const LARGEST = 500

/** What is measured: each works on two files that differ in every fourth member, as after a lost update. */
const WORK = {
  'parsing both files': (left: string, right: string) => [parseHaproxy(left), parseHaproxy(right)],
  'comparing the pair': (left: string, right: string) =>
    compareHaproxyPair(parseHaproxy(left), parseHaproxy(right)).differences,
  'comparing with the API': (
    left: string,
    _: string,
    detail: ReturnType<typeof manyListeners>['detail'],
  ) => compareHaproxyApi(parseHaproxy(left), detail).differences,
  'putting lines side by side': (left: string, right: string) =>
    alignLines(left.split('\n'), right.split('\n')),
} as const

const sizes = [5, 50, LARGEST].map((listeners) => {
  const { text, detail } = manyListeners(listeners)
  return {
    listeners,
    text,
    detail,
    other: text.replaceAll(/10\.0\.0\.3:80 weight 1/g, '10.0.0.3:80 weight 2'),
  }
})
for (const [name, work] of Object.entries(WORK)) {
  const results = sizes.map((size) => ({ ...size, perListener: [] as number[] }))
  for (let round = 0; round < 6; round += 1) {
    for (const { listeners, text, other, detail, perListener } of results) {
      globalThis.gc?.()
      const taken = await timed(() => {
        for (let again = 0; again < LARGEST / listeners; again += 1) work(text, other, detail)
        return undefined
      })
      if (round > 0) perListener.push(taken / LARGEST)
    }
  }
  const [first] = results
  for (const { listeners, perListener } of results) {
    const each = median(perListener)
    say(
      `${name}, ${String(listeners)} listeners: ${(each * listeners).toFixed(1)} ms; per listener ${(each / median(first!.perListener)).toFixed(2)} of what it takes with ${String(first!.listeners)}`,
    )
  }
}
