import { describe, expect, it } from 'vitest'
import { parseKeepalived } from '../../../../../main/domain/config/keepalived'
import { redact } from '../../../../../main/domain/redact'
import { capture } from '../captures'

const rendered = capture('configurations/http/octavia-keepalived.amp1.MASTER.conf')
const digest = (password: string): string => `token of ${password.length}`

/** What Octavia 5 (Train) rendered: two spaces, neither default route nor excluded addresses. */
const train = rendered
  .replaceAll('    ', '  ')
  .replace(/ {2}virtual_ipaddress_excluded \{\n {2}\}\n\n/, '')
  .replace(/ +default via .*\n/, '')

describe('a configuration that Octavia rendered', () => {
  const { instances, scripts, problems, others } = parseKeepalived(rendered, digest)
  const [instance] = instances

  it('says who the instance is, each value with its line', () => {
    expect(instances).toHaveLength(1)
    expect(instance).toMatchObject({
      name: '7a1f3c5294c44d6e9a1b0c5d3e7f8a10',
      line: 8,
      state: { value: 'MASTER', line: 9 },
      interface: { value: 'eth1', line: 10 },
      virtualRouterId: { value: 1, line: 11 },
      priority: { value: 100, line: 12 },
      nopreempt: { value: true, line: 13 },
      accept: { value: true, line: 14 },
      advertInterval: { value: 1, line: 17 },
      unicastSource: { value: '10.77.1.11', line: 23 },
      unicastPeers: [{ value: '10.77.1.12', line: 25 }],
      addresses: [{ address: '10.77.1.100', excluded: false, line: 29 }],
      routes: [
        { value: '10.77.1.0/24 dev eth1 src 10.77.1.100 scope link table 1', line: 36 },
        { value: 'default via 10.77.1.1 dev eth1 onlink table 1', line: 37 },
      ],
      rules: [{ value: 'from 10.77.1.100/32 table 1 priority 100', line: 41 }],
      trackScripts: [{ value: 'check_script', line: 45 }],
      garp: {
        garp_master_refresh: { value: '5', line: 15 },
        garp_master_refresh_repeat: { value: '2', line: 16 },
      },
      others: [],
    })
  })

  it('says what the check script is', () => {
    expect(scripts).toEqual([
      {
        name: 'check_script',
        line: 1,
        script: { value: '/var/lib/octavia/vrrp/check_script.sh', line: 2 },
        interval: { value: 5, line: 3 },
        fall: { value: 2, line: 4 },
        rise: { value: 2, line: 5 },
        others: [],
      },
    ])
  })

  it('leaves nothing over', () => {
    expect({ problems, others }).toEqual({ problems: [], others: [] })
  })

  it('keeps of the password only what the given function makes of it', () => {
    expect(instance?.authentication).toEqual({
      type: { value: 'PASS', line: 19 },
      passwordDigest: { value: 'token of 7', line: 20 },
      passwordLength: 7,
      redacted: false,
      line: 18,
    })
    expect(JSON.stringify(parseKeepalived(rendered))).not.toContain('3c9be7f')
  })

  it('says the same with its secrets taken out, except for the password', () => {
    const [redacted] = parseKeepalived(redact(rendered).text, digest).instances
    expect(redacted?.authentication).toEqual({
      type: { value: 'PASS', line: 19 },
      redacted: true,
      line: 18,
    })
    expect({ ...redacted, authentication: null }).toEqual({ ...instance, authentication: null })
  })

  it('reads stars as a password that was taken out', () => {
    const [starred] = parseKeepalived(rendered.replace('3c9be7f', '***'), digest).instances
    expect(starred?.authentication).toMatchObject({ redacted: true })
  })

  it('reads what older releases rendered', () => {
    const [old] = parseKeepalived(train).instances
    expect(old).toMatchObject({ priority: { value: 100 }, unicastPeers: [{ value: '10.77.1.12' }] })
    expect(old?.routes).toHaveLength(1)
    expect(parseKeepalived(train).problems).toEqual([])
  })
})

describe('two passwords', () => {
  const of = (password: string) =>
    parseKeepalived(rendered.replace('3c9be7f', password), (used) => used).instances[0]
      ?.authentication?.passwordDigest?.value

  it('are the same where the eight characters that keepalived uses are', () => {
    expect(of('12345678')).toBe(of('123456789'))
    expect(of('12345678')).not.toBe(of('12345679'))
  })
})

describe('a configuration that a person wrote', () => {
  it('is read with comments, quotes and braces where keepalived allows them', () => {
    const { instances, problems } = parseKeepalived(
      [
        '! written by hand',
        'vrrp_instance "v"',
        '{',
        '  interface eth1 # the VIP side',
        '  unicast_peer { 192.0.2.1 }',
        '  virtual_ipaddress{',
        '    192.0.2.9/24 dev eth1',
        '  }',
        '}',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(instances).toMatchObject([
      {
        name: 'v',
        line: 2,
        interface: { value: 'eth1' },
        unicastPeers: [{ value: '192.0.2.1', line: 5 }],
        addresses: [{ address: '192.0.2.9', prefixLength: 24, device: 'eth1', line: 7 }],
      },
    ])
  })

  it('keeps what has no field of its own', () => {
    const { instances, globalDefinitions, others } = parseKeepalived(
      'global_defs {\n vrrp_garp_interval 1\n}\nvrrp_sync_group G {\n group {\n  v\n }\n}\n' +
        'vrrp_instance v {\n preempt_delay 5\n notify_master "/bin/x y" root\n}\n',
    )
    expect(globalDefinitions).toEqual([{ words: ['vrrp_garp_interval', '1'], line: 2 }])
    expect(others).toEqual([
      { words: ['vrrp_sync_group', 'G'], line: 4 },
      { words: ['vrrp_sync_group.group.v'], line: 6 },
    ])
    expect(instances[0]?.others).toEqual([
      { words: ['preempt_delay', '5'], line: 10 },
      { words: ['notify_master', '/bin/x y', 'root'], line: 11 },
    ])
  })

  it('is told where it makes no sense, without its secrets', () => {
    const { problems, instances } = parseKeepalived(
      '}\nvrrp_instance {\n priority high\n priority 90\n advert_int\n authentication {\n auth_pass a\n auth_pass b\n',
    )
    expect(problems).toEqual([
      { line: 1, text: '}', kind: 'unexpectedEnd' },
      { line: 2, text: 'vrrp_instance {', kind: 'unclosed' },
      { line: 2, text: 'vrrp_instance {', kind: 'noName' },
      { line: 3, text: 'priority high', kind: 'notNumber' },
      { line: 4, text: 'priority 90', kind: 'repeated' },
      { line: 5, text: 'advert_int', kind: 'noValue' },
      { line: 6, text: 'authentication {', kind: 'unclosed' },
      { line: 8, text: 'auth_pass ‹removed›', kind: 'repeated' },
    ])
    expect(instances).toMatchObject([{ name: '', priority: { value: 90, line: 4 } }])
  })
})
