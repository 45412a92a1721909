import { describe, expect, it } from 'vitest'
import { proxyFor } from '../../../../main/platform/proxyEnvironment'

const through = { http_proxy: 'http://proxy:3128', HTTPS_PROXY: 'https://u%40x:p@proxy' }

describe('proxyFor', () => {
  it('chooses by the scheme of the address', () => {
    expect(proxyFor('http://cloud', through)).toEqual({
      protocol: 'http',
      host: 'proxy',
      port: 3128,
    })
    expect(proxyFor('https://cloud', through)).toEqual({
      protocol: 'https',
      host: 'proxy',
      port: 443,
      auth: { username: 'u@x', password: 'p' },
    })
    expect(proxyFor('https://cloud', { ALL_PROXY: 'proxy:8080' })).toMatchObject({ port: 8080 })
    expect(proxyFor('https://cloud', { http_proxy: 'http://proxy' })).toBeUndefined()
  })

  it.each(['http://localhost:5000', 'http://127.0.0.1', 'http://[::1]:5000'])(
    'never stands in the way of this machine: %s',
    (url) => expect(proxyFor(url, through)).toBeUndefined(),
  )

  it.each([
    ['http://keystone.corp', 'corp', true],
    ['http://keystone.corp', '.corp', true],
    ['http://keystone.corp', '*.corp', true],
    ['http://keystone.corp', 'stone.corp', false],
    ['http://keystone.corp:5000', 'keystone.corp:5000', true],
    ['http://keystone.corp:5000', 'keystone.corp:443', false],
    ['http://10.1.2.3', 'example.com, 10.0.0.0/8', true],
    ['http://11.1.2.3', '10.0.0.0/8', false],
    ['http://[fd00::1]:5000', 'fd00::/8', true],
    ['http://10.1.2.3', '10.1.2.3', true],
    ['http://anything', '*', true],
    ['http://anything', '10.0.0.0/99', false],
  ])('leaves %s alone for NO_PROXY=%s: %s', (url, exceptions, direct) => {
    expect(proxyFor(url, { ...through, NO_PROXY: exceptions }) === undefined).toBe(direct)
  })
})
