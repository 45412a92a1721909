import { describe, expect, it } from 'vitest'
import {
  membersOf,
  newListener,
  newMember,
  placed,
  takePasted,
} from '../../../../../renderer/components/loadBalancer/planDraft'

const places = (text: string, port?: number) =>
  membersOf(text, port).members.map((member) => [member.address, member.port])

describe('membersOf', () => {
  it('reads addresses with their ports, however they are joined', () => {
    expect(
      places('192.0.2.10:8080\n192.0.2.11 8081\n192.0.2.12, 8082\n[2001:db8::1]:443\n\n'),
    ).toEqual([
      ['192.0.2.10', 8080],
      ['192.0.2.11', 8081],
      ['192.0.2.12', 8082],
      ['2001:db8::1', 443],
    ])
  })

  it('gives the known port to an address without one, and never cuts IPv6 apart', () => {
    expect(places('192.0.2.10\n2001:db8::1:8080\n2001:db8::2 443', 80)).toEqual([
      ['192.0.2.10', 80],
      ['2001:db8::1:8080', 80],
      ['2001:db8::2', 443],
    ])
  })

  it('hands back the lines it does not understand', () => {
    expect(membersOf('app-1.example.org:80\n192.0.2.1:80', undefined).rejected).toEqual([
      'app-1.example.org:80',
    ])
  })
})

const subnets = [
  { value: 'one', label: 'one', detail: '', cidr: '192.0.2.0/24' },
  { value: 'two', label: 'two', detail: '', cidr: '198.51.100.0/24' },
]

describe('takePasted', () => {
  const aPool = (pasted: string) => ({ ...newListener(80).pool, pasted })

  it('makes members of the list, each in the subnet that its address lies in', () => {
    const pool = aPool('192.0.2.1:80\n198.51.100.1:80\n203.0.113.1:80')
    pool.members = [newMember()]
    expect(takePasted(pool, subnets)).toBe(true)
    expect(pool.members.map(({ address, subnetId }) => [address, subnetId])).toEqual([
      ['192.0.2.1', 'one'],
      ['198.51.100.1', 'two'],
      ['203.0.113.1', ''],
    ])
    expect(pool.pasted).toBe('')
  })

  it('keeps the lines it does not understand, and says how many', () => {
    const pool = aPool('web1\n192.0.2.1:80\nweb2')
    expect(takePasted(pool, subnets)).toBe(false)
    expect([pool.members.length, pool.pasted, pool.rejected]).toEqual([1, 'web1\nweb2', 2])
  })

  it('has nothing to do without a list', () => {
    const pool = aPool(' \n')
    expect([takePasted(pool, subnets), pool.members]).toEqual([true, []])
  })
})

describe('placed', () => {
  it('follows the address until the operator has chosen a subnet, or none', () => {
    const member = newMember({ address: '192.0.2.1' })
    expect(placed(member, subnets).subnetId).toBe('one')
    expect(placed({ ...member, subnetId: 'one', address: '203.0.113.1' }, subnets).subnetId).toBe(
      '',
    )
    expect(placed({ ...member, subnetId: '', subnetChosen: true }, subnets).subnetId).toBe('')
  })
})
