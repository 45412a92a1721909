import { describe, expect, it } from 'vitest'
import { subnetOf } from '../../../../../renderer/components/loadBalancer/subnetOf'

const subnets = [
  '192.168.220.0/24',
  '192.168.0.0/16',
  '10.0.0.0/9',
  '172.16.0.0/24',
  '172.16.0.0/24',
  '2001:db8:1::/48',
  'fd00::/8',
].map((cidr) => ({ cidr }))

describe('subnetOf', () => {
  it.each([
    ['192.168.220.6', '192.168.220.0/24'],
    [' 192.168.1.6 ', '192.168.0.0/16'],
    ['10.127.255.255', '10.0.0.0/9'],
    ['2001:db8:1::10', '2001:db8:1::/48'],
    ['fd12:3456::192.0.2.1', 'fd00::/8'],
  ])('finds the narrowest subnet of %s', (address, cidr) => {
    expect(subnetOf(address, subnets)).toEqual({ cidr })
  })

  it.each([
    ['', 'nothing typed'],
    ['192.168.220', 'half an address'],
    ['192.168.220.256', 'no address'],
    ['10.128.0.1', 'outside of all'],
    ['172.16.0.9', 'two are alike'],
    ['2001:db8:2::1', 'another network'],
    ['1::2::3', 'no address'],
    ['c0a8:dc00::1', 'the same bits in the other family'],
  ])('finds none for %j: %s', (address) => {
    expect(subnetOf(address, subnets)).toBeUndefined()
  })
})
