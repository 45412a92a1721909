import { describe, expect, it } from 'vitest'
import { parseLvs } from '../../../../../main/domain/config/lvs'
import { damage, dice } from '../../../../support/damage'
import { capture } from '../captures'

const rendered = capture('configurations/http-udp/lvs-udp.conf')
const both = capture('configurations/lvs/udp-both-families.conf')
const sctp = capture('configurations/lvs/sctp.conf')
const disabled = capture('configurations/lvs/disabled.conf')
const UDP = 'ab12cd34-ef56-4a78-9b01-23456789abcd'

/** What Octavia 5 (Train) rendered: the VIP behind the keyword, and no group. */
const train = rendered
  .replace(/virtual_server_group[^}]*\}\n/, '')
  .replace('virtual_server group ipv4-group', 'virtual_server 10.77.1.100 53')

describe('a file that Octavia rendered', () => {
  const { loadBalancerId, listeners, problems } = parseLvs(rendered)
  const [server] = listeners[0]!.servers

  it('says whose it is', () => {
    expect(loadBalancerId).toEqual({ value: '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10', line: 1 })
    expect(listeners).toMatchObject([{ id: UDP, line: 2, disabled: false }])
    expect(listeners[0]!.others).toEqual([{ words: ['net_namespace', 'amphora-haproxy'], line: 4 }])
    expect(problems).toEqual([])
  })

  it('says how it balances, each value with its line', () => {
    expect(server).toMatchObject({
      name: 'group ipv4-group',
      line: 10,
      vips: [{ address: '10.77.1.100', port: '53', line: 7 }],
      poolId: { value: 'c52b1a7e-9d0e-4b7a-8c7b-5a6f7e8d9c03', line: 19 },
      poolDisabled: false,
      disabledMembers: [],
      others: [],
    })
    expect(Object.fromEntries(server!.settings)).toEqual({
      lb_algo: { value: 'wrr', line: 11 },
      lb_kind: { value: 'NAT', line: 12 },
      protocol: { value: 'UDP', line: 13 },
      delay_loop: { value: '5', line: 14 },
      delay_before_retry: { value: '5', line: 15 },
      retry: { value: '3', line: 16 },
    })
  })

  it('says each member by the id in the comment above it, and how it is checked', () => {
    expect(server!.members).toMatchObject([
      { id: 'e4a4c7de-4444-4c2b-9b1c-0a0000000021', address: '10.77.2.21', port: '5353', line: 22 },
      { id: 'e5a5c7de-5555-4c2b-9b1c-0a0000000022', address: '10.77.2.22', port: '5353', line: 32 },
    ])
    const [member] = server!.members
    expect(Object.fromEntries(member!.settings)).toEqual({
      weight: { value: '1', line: 23 },
      uthreshold: { value: '2000', line: 24 },
    })
    expect(member!.check).toEqual({
      kind: 'MISC_CHECK',
      line: 25,
      directives: [
        {
          words: ['misc_path', '/var/lib/octavia/lvs/check/udp_check.sh 10.77.2.21 5353'],
          line: 26,
        },
        { words: ['misc_timeout', '3'], line: 27 },
      ],
    })
  })
})

it('has a server for each family, and names members that are left out', () => {
  const [listener] = parseLvs(both).listeners
  expect(listener!.servers).toMatchObject([
    {
      name: 'group ipv4-group',
      vips: [{ address: '10.77.1.100' }],
      members: [{ address: '10.77.2.21' }],
      disabledMembers: [{ value: 'e3a1c7de-1111-4c2b-9b1c-0a0000000003', line: 41 }],
    },
    {
      name: 'group ipv6-group',
      vips: [{ address: '2001:db8::100', port: '53' }],
      members: [{ address: '2001:db8:1::22', port: '5353', check: { kind: 'HTTP_GET' } }],
      disabledMembers: [],
    },
  ])
})

it('reads several files one behind the other, each with groups of its own', () => {
  const { listeners, problems } = parseLvs(both + sctp + disabled)
  expect(listeners.map(({ id, disabled: off, servers }) => [id, off, servers.length])).toEqual([
    [UDP, false, 2],
    ['cd34ef56-ab12-4a78-9b01-23456789abcd', false, 2],
    ['ef56ab12-cd34-4a78-9b01-23456789abcd', true, 0],
  ])
  expect(listeners[1]!.servers[0]!.vips).toMatchObject([{ address: '10.77.1.100', port: '3868' }])
  expect(problems).toEqual([])
})

it('reads what older releases wrote, where the VIP stands behind the keyword', () => {
  expect(parseLvs(train).listeners[0]!.servers).toMatchObject([
    { name: '10.77.1.100 53', vips: [{ address: '10.77.1.100', port: '53' }] },
  ])
})

it('takes the id of a member from the comment right above it only', () => {
  const moved = rendered.replace(/ +# Configuration for Member e5a5.*\n/, '')
  const [server] = parseLvs(moved).listeners[0]!.servers
  expect(server!.members.map(({ id }) => id)).toEqual([
    'e4a4c7de-4444-4c2b-9b1c-0a0000000021',
    undefined,
  ])
})

it('keeps a server that stands before any comment, and takes secrets out of what it does not know', () => {
  const bare = 'virtual_server 10.0.0.1 53 {\n  auth_pass geheim\n  quorum_up "/x y"\n}\n'
  const [listener] = parseLvs(bare + rendered).listeners
  expect(listener).toMatchObject({ id: '', servers: [{ name: '10.0.0.1 53' }] })
  expect(JSON.stringify([...listener!.servers[0]!.settings])).not.toContain('geheim')
  expect(listener!.servers[0]!.settings.get('quorum_up')?.value).toBe('/x y')
})

it('reads damaged files without an exception, and every line it names is there', () => {
  const roll = dice(Number(process.env['FUZZ_SEED'] ?? 20261122))
  for (let input = 0; input < 2000; input += 1) {
    const text = damage(both + sctp, roll)
    const most = text.split('\n').length
    const { listeners, problems } = parseLvs(text)
    const lines = [
      ...problems,
      ...listeners,
      ...listeners.flatMap(({ servers }) => servers.flatMap(({ members }) => members)),
    ].map(({ line }) => line)
    expect(lines.every((line) => line >= 1 && line <= most)).toBe(true)
  }
})

it('takes time in proportion to the number of members', () => {
  const member = (index: number) =>
    `    # Configuration for Member m${String(index)}\n    real_server 10.0.0.1 53 {\n    }\n`
  const many = rendered.replace(
    '    real_server',
    `${Array.from({ length: 20_000 }, (_, index) => member(index)).join('')}    real_server`,
  )
  const [server] = parseLvs(many).listeners[0]!.servers
  expect(server!.members).toHaveLength(20_002)
  expect(server!.members[19_999]).toMatchObject({ id: 'm19999' })
})
