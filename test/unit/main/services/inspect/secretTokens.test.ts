import { expect, it } from 'vitest'
import { secretTokens } from '../../../../../main/services/inspect/secretTokens'

const auth = (password: string) => secretTokens(`a {\n  auth_pass ${password}\n}\n`)

it('tells equal passwords from others, by what keepalived uses of them, and gives none away', async () => {
  const token = await auth('12345678')
  expect(await auth('123456789')).toEqual(token)
  expect(await auth('12345679')).not.toEqual(token)
  expect(JSON.stringify(token)).toMatch(/^\{"auth_pass":"[0-9a-f]{24}"\}$/)
})

it('tells heartbeat keys apart, whatever the space around them', async () => {
  const key = (line: string) => secretTokens(`[health_manager]\n${line}\n`)
  expect(await key('heartbeat_key = a b')).toEqual(await key('heartbeat_key=a b  '))
  expect(await key('heartbeat_key = a b')).not.toEqual(await key('heartbeat_key = a c'))
  expect(await key('heartbeat_interval = 10')).toEqual({})
})

it('tells apart what stands for passwords in a bundle, whose first characters are alike', async () => {
  expect(await auth('‹removed›1')).toEqual(await auth('‹removed›1'))
  expect(await auth('‹removed›1')).not.toEqual(await auth('‹removed›2'))
  expect(await auth('‹removed›1')).not.toEqual(await auth('‹removed›12'))
})
