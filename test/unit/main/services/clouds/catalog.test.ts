import { describe, expect, it } from 'vitest'
import { Catalog, endpointOf, rootOf } from '../../../../../main/services/clouds/catalog'
import type { CloudDefinition } from '../../../../../main/services/clouds/definition'

const cloud = (rest: Partial<CloudDefinition>): CloudDefinition => ({
  name: 'a',
  source: 'file',
  authUrl: 'http://k',
  authType: 'password',
  interfaces: ['public'],
  tls: { insecure: false },
  services: {},
  ...rest,
})

const endpoint = (at: string, region: string, url: string) => ({
  interface: at,
  region_id: region,
  url,
})
const catalog = Catalog.parse([
  {
    type: 'load-balancer',
    name: 'octavia',
    endpoints: [
      endpoint('internal', 'one', 'http://internal.one:9876'),
      endpoint('public', 'one', 'http://public.one/load-balancer'),
      endpoint('public', 'two', 'http://public.two:9876/v2.0/'),
    ],
  },
  { type: 'network', endpoints: 'nonsense' },
  'nonsense',
])

describe('rootOf', () => {
  it.each([
    ['load-balancer', 'http://h:9876', 'http://h:9876'],
    ['load-balancer', 'http://h:9876/', 'http://h:9876'],
    ['load-balancer', 'https://h:9876/v2.0', 'https://h:9876'],
    ['load-balancer', 'https://h/load-balancer/v2/', 'https://h/load-balancer'],
    ['network', 'http://h/networking/v2.0/', 'http://h/networking'],
    ['identity', 'http://h:5000/v3', 'http://h:5000'],
    ['identity', 'http://h/identity/v2.0', 'http://h/identity'],
    ['compute', 'http://h:8774/v2.1/2cffb3fe3abc4feca458b87054af5cbc', 'http://h:8774'],
  ] as const)('takes the version from %s at %s', (service, url, root) => {
    expect(rootOf(service, url)).toBe(root)
  })
})

describe('endpointOf', () => {
  it.each<[string, Partial<CloudDefinition>, string]>([
    ['the first region without a wish', {}, 'http://public.one/load-balancer'],
    ['the region', { region: 'two' }, 'http://public.two:9876'],
    ['the interface', { interfaces: ['internal'] }, 'http://internal.one:9876'],
    [
      'the first interface there is',
      { interfaces: ['admin', 'internal'] },
      'http://internal.one:9876',
    ],
    ['the override', { services: { 'load-balancer': { url: 'http://lb/v2.0' } } }, 'http://lb'],
    [
      'the region of the service',
      { region: 'one', services: { 'load-balancer': { region: 'two' } } },
      'http://public.two:9876',
    ],
  ])('takes %s', (_, rest, url) => {
    expect(endpointOf('load-balancer', cloud(rest), catalog)).toBe(url)
  })

  it('says what there is when it finds nothing', () => {
    expect(() => endpointOf('network', cloud({}), catalog)).toThrow(
      expect.objectContaining({
        reason: 'catalog.noService',
        values: {
          service: 'network',
          region: '',
          interface: 'public',
          found: 'load-balancer, network',
        },
      }),
    )
  })
})
