import { expect, it } from 'vitest'
import { turn } from '../../../../main/base/turn'

/** Keeps the event loop for so many milliseconds. */
function hold(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

const afterAll = () => new Promise((resolve) => setTimeout(resolve))

it('lets timers run between pieces of long work', async () => {
  let timers = 0
  const timer = setInterval(() => (timers += 1), 1)
  for (let piece = 0; piece < 10; piece += 1) {
    hold(10)
    await turn()
    await turn()
  }
  clearInterval(timer)
  expect(timers).toBeGreaterThanOrEqual(5)
})

it('holds nobody up while there was no long work', async () => {
  await afterAll()
  hold(10)
  await turn()
  let turned = false
  setImmediate(() => (turned = true))
  for (let piece = 0; piece < 5; piece += 1) await turn()
  expect(turned).toBe(false)
})

it('gives each of many one turn before the next, in the order in which they came', async () => {
  const order: string[] = []
  let loops = 0
  let counting = true
  const count = () => {
    loops += 1
    if (counting) setImmediate(count)
  }
  const work = async (name: string) => {
    for (let piece = 0; piece < 3; piece += 1) {
      hold(10)
      await turn()
      order.push(name)
    }
  }
  setImmediate(count)
  await Promise.all(['a', 'b', 'c'].map(work))
  counting = false
  expect(order.join('')).toBe('abcabcabc')
  // Had several gone on in one turn of the loop, there would be fewer.
  expect(loops).toBeGreaterThanOrEqual(8)
})
