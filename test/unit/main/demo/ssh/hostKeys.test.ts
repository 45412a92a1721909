import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { newKeyPair } from '../../../../../main/demo/ssh/hostKeys'

it('makes only keys that can be read, although ssh2 makes others', () => {
  const unreadable = Array.from({ length: 2000 }, () => newKeyPair('demo')).filter(
    ({ privateKey }) => ssh2.utils.parseKey(privateKey) instanceof Error,
  )
  expect(unreadable).toEqual([])
})
