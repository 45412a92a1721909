import { expect, test } from 'vitest'
import { effectScope } from 'vue'
import { useGoOn } from '../../../../renderer/composables/useGoOn'

test('goes on while the page is there, and takes nobody away who has left it', async () => {
  const went: string[] = []
  const push = (to: string) => Promise.resolve(went.push(to))
  const page = effectScope()
  const goOn = page.run(() => useGoOn(push))!
  await goOn('/next')
  page.stop()
  await goOn('/late')
  expect(went).toEqual(['/next'])
})
