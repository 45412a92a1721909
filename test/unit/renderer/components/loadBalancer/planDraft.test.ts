import { describe, expect, it } from 'vitest'
import { membersOf } from '../../../../../renderer/components/loadBalancer/planDraft'

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
