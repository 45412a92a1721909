import { describe, expect, it } from 'vitest'
import type { LoadBalancer } from '../../../../../preload/contract/loadBalancer'
import {
  compareAddresses,
  counted,
  filtered,
} from '../../../../../renderer/components/loadBalancer/filter'

const balancer = (parts: Partial<LoadBalancer>): LoadBalancer => ({
  id: 'id',
  name: 'name',
  provisioningStatus: 'ACTIVE',
  operatingStatus: 'ONLINE',
  adminStateUp: true,
  tags: [],
  description: '',
  projectId: 'project',
  vipAddress: '192.0.2.1',
  additionalVips: [],
  provider: 'amphora',
  listenerIds: [],
  poolIds: [],
  ...parts,
})
const shop = balancer({ id: 'a1', name: 'Web Shop', tags: ['prod'] })
const mail = balancer({ id: 'b2', name: 'mail', provisioningStatus: 'ERROR' })
const six = balancer({ id: 'c3', name: 'six', additionalVips: [{ address: '2001:db8::5' }] })
const all = [shop, mail, six]
const none = { text: '', provisioningStatus: '', operatingStatus: '' }

describe('filtered', () => {
  it.each([
    ['shop web', [shop]],
    ['PROD', [shop]],
    ['b2', [mail]],
    ['db8::5', [six]],
    ['192.0.2.1', all],
    ['shop mail', []],
  ])('finds by %j', (text, expected) => {
    expect(filtered(all, { ...none, text })).toEqual(expected)
  })

  it('narrows by status as well', () => {
    expect(filtered(all, { ...none, provisioningStatus: 'ERROR' })).toEqual([mail])
    expect(filtered(all, { ...none, text: 'shop', provisioningStatus: 'ERROR' })).toEqual([])
  })
})

it('counts statuses, the commonest first', () => {
  expect(counted(['ERROR', 'ACTIVE', 'ACTIVE'])).toEqual([
    ['ACTIVE', 2],
    ['ERROR', 1],
  ])
})

it('orders addresses by their numbers', () => {
  expect(['10.0.0.10', '10.0.0.9', '9.0.0.1'].sort(compareAddresses)).toEqual([
    '9.0.0.1',
    '10.0.0.9',
    '10.0.0.10',
  ])
})
