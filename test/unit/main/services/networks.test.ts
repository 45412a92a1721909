import { expect, it } from 'vitest'
import type { ApiCall, CloudApi } from '../../../../main/services/cloudApi'
import { Networks } from '../../../../main/services/networks'

const { signal } = new AbortController()

function neutron(pages: Record<string, unknown>) {
  const asked: string[] = []
  const api: CloudApi = {
    octaviaMinor: () => 26,
    call: (_cloud, _service, { path, query }: ApiCall) => {
      const marker = query?.['marker']
      const page = `${path}${marker === undefined ? '' : `?${String(marker)}`}`
      asked.push(page)
      return Promise.resolve({ status: 200, headers: {}, body: pages[page], at: 0, durationMs: 0 })
    },
  }
  return { networks: new Networks(api), asked }
}

const next = [{ rel: 'next', href: 'http://elsewhere/' }]

it('joins subnets to their networks, both by name, through every page', async () => {
  const { networks, asked } = neutron({
    '/v2.0/networks': {
      networks: [{ id: 'n2', name: 'web', shared: true, 'router:external': false }],
      networks_links: next,
    },
    '/v2.0/networks?n2': {
      networks: [{ id: 'n1', name: 'database', shared: false, 'router:external': true }],
      networks_links: [{ rel: 'previous' }],
    },
    '/v2.0/subnets': {
      subnets: [
        {
          id: 's2',
          name: 'b',
          network_id: 'n2',
          cidr: 'fd00::/64',
          gateway_ip: null,
          ip_version: 6,
        },
        {
          id: 's1',
          name: 'a',
          network_id: 'n2',
          cidr: '10.0.0.0/24',
          gateway_ip: '10.0.0.1',
          ip_version: 4,
        },
      ],
    },
  })
  expect(await networks.list('alpha', signal)).toEqual([
    { id: 'n1', name: 'database', external: true, shared: false, subnets: [] },
    {
      id: 'n2',
      name: 'web',
      external: false,
      shared: true,
      subnets: [
        {
          id: 's1',
          name: 'a',
          networkId: 'n2',
          cidr: '10.0.0.0/24',
          gateway: '10.0.0.1',
          ipVersion: 4,
        },
        { id: 's2', name: 'b', networkId: 'n2', cidr: 'fd00::/64', ipVersion: 6 },
      ],
    },
  ])
  expect(asked).toContain('/v2.0/networks?n2')
})

it('says that an answer is no list of networks', async () => {
  const { networks } = neutron({ '/v2.0/networks': { networks: [{}] }, '/v2.0/subnets': {} })
  await expect(networks.list('alpha', signal)).rejects.toMatchObject({ reason: 'answer.malformed' })
})
