import { describe, expect, it } from 'vitest'
import { controllersOf, parseAgentSettings } from '../../../../../main/domain/amphora/agentSettings'
import { parseCertificate } from '../../../../../main/domain/amphora/certificate'
import { parseHeartbeats } from '../../../../../main/domain/amphora/heartbeats'
import { parseComplaints } from '../../../../../main/domain/amphora/logs'
import { capture } from '../captures'

describe('amphora-agent.conf', () => {
  it('is read without its secrets', () => {
    const { settings, heartbeatKey } = parseAgentSettings(capture('amphora/amphora-agent.conf'))
    expect(settings).toMatchObject({
      'health_manager.controller_ip_port_list': '10.77.0.1:5555',
      'health_manager.heartbeat_interval': '10',
      'amphora_agent.amphora_id': '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61',
      'DEFAULT.debug': 'False',
    })
    expect(heartbeatKey).toBe('insecure')
    expect(JSON.stringify(settings)).not.toContain('insecure')
  })

  it('may have comments, colons and values that go on', () => {
    const { settings } = parseAgentSettings(
      '[health_manager]\n# heartbeat_key = old\n; x\ncontroller_ip_port_list: a:1,\n   b:2\n\n  stray\nadmin_password = x\n',
    )
    expect(settings).toEqual({ 'health_manager.controller_ip_port_list': 'a:1, b:2' })
  })

  it('names the controllers', () => {
    const list = '10.0.0.1:5555, [fd00::1]:5556,fd00::2:5557,nonsense,10.0.0.2:99999'
    expect(controllersOf({ 'health_manager.controller_ip_port_list': list })).toEqual([
      { address: '10.0.0.1', port: 5555 },
      { address: 'fd00::1', port: 5556 },
      { address: 'fd00::2', port: 5557 },
    ])
    expect(controllersOf({})).toEqual([])
  })
})

describe('a certificate', () => {
  const dates = 'notBefore=Nov 22 13:55:41 2026 GMT\nnotAfter=Dec  2 03:05:01 2026 GMT\n'

  it.each([
    ['subject=CN = a, O = b c\nissuer=CN = ca\n'],
    ['subject=CN=a, O=b c\nissuer=CN=ca\n'],
    ['subject= /CN=a/O=b c\nissuer= /CN=ca\n'],
  ])('reads the same from every release of OpenSSL: %j', (names) => {
    expect(parseCertificate(`${names}serial=4E\n${dates}`, '/x.pem')).toEqual({
      ...{ path: '/x.pem', subject: 'CN=a, O=b c', issuer: 'CN=ca', serial: '4E' },
      notBefore: Date.UTC(2026, 10, 22, 13, 55, 41),
      notAfter: Date.UTC(2026, 11, 2, 3, 5, 1),
    })
  })

  it.each([
    ['agent-certificate.openssl.txt', false],
    ['ca-certificate.openssl.txt', true],
  ])('tells whether it carries key identifiers: %s', (name, carried) => {
    const answer = capture(`amphora/${name}`)
    expect(parseCertificate(answer, '/x.pem')?.keyIdentifiers).toBe(carried)
    expect(
      parseCertificate(answer.replace('Authority Key', 'Other'), '/x.pem')?.keyIdentifiers,
    ).toBe(false)
  })

  it('is unknown without its dates', () => {
    expect(parseCertificate('subject=CN = a\n', '/x.pem')).toBeUndefined()
    expect(parseCertificate('unable to load certificate\n', '/x.pem')).toBeUndefined()
  })
})

describe('heartbeats', () => {
  const heading = 'tcpdump: verbose output suppressed\nlistening on any, link-type LINUX_SLL2\n'

  it('are counted by where they go', () => {
    const answer =
      '1795359379.074664 eth0  Out IP 10.77.0.215.30264 > 10.77.0.1.5555: UDP, length 314\n' +
      '1795359384.084702 IP 10.77.0.215.30264 > 10.77.0.2.5555: UDP, length 313\n' +
      '1795359389.084702 Out IP6 fd00::1.30264 > fd00::2.5555: UDP, length 313\n' +
      '1795359394.084702 eth0  Out IP 10.77.0.215.30264 > 10.77.0.1.5555: UDP, length 313\n'
    expect(parseHeartbeats(answer, heading)?.targets.slice(0, 2)).toEqual([
      { address: '10.77.0.1', count: 2 },
      { address: '10.77.0.2', count: 1 },
    ])
  })

  it('are none when none came, and unknown when nobody listened', () => {
    expect(parseHeartbeats('', heading)).toEqual({ targets: [] })
    expect(parseHeartbeats('', 'tcpdump: any: permission denied\n')).toBeUndefined()
  })
})

describe('the agent’s log', () => {
  it('is what tells of trouble, repetitions once', () => {
    const line = (second: string, words: string) =>
      `2026-11-22T14:26:${second}+0000 amphora amphora-agent[80]: ${words}\n`
    const complaints = parseComplaints(
      line('01', 'ERROR Missing keepalived PID file') +
        line('02', '[DEBUG] PUT /1.0/vrrp/upload') +
        line('03', '"PUT /1.0/x HTTP/1.1" 500 12') +
        line('06', 'ERROR Missing keepalived PID file'),
    )
    expect(complaints.map((text) => text.slice(17, 19))).toEqual(['03', '06'])
  })
})
