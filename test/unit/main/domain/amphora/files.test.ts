import { describe, expect, it } from 'vitest'
import { kindOfFile, parseContents, parseListing } from '../../../../../main/domain/amphora/files'

describe('files of an amphora', () => {
  it('are listed once, however many ways lead to them', () => {
    const line = (path: string, inode: number) =>
      `65:${String(inode)} 600 1795336527.5000000000 1680 ${path}\n`
    const listed = parseListing(
      `${line('/usr/lib/a.service', 7)}${line('/lib/a.service', 7)}find: x\n${line('/b c', 8)}`,
    )
    expect(listed).toEqual([
      { path: '/usr/lib/a.service', mode: '600', modifiedAt: 1795336527500, size: 1680 },
      { path: '/b c', mode: '600', modifiedAt: 1795336527500, size: 1680 },
    ])
  })

  it('are parted by their headings, whatever is in them', () => {
    const texts = { '/a': 'one\n', '/b': '', '/c': '==> /x <==\n\n==> /a <==\nno end' }
    const answer = Object.entries(texts)
      .map(([path, text], index) => `${index ? '\n' : ''}==> ${path} <==\n${text}`)
      .join('')
    expect(Object.fromEntries(parseContents(answer, Object.keys(texts)))).toEqual(texts)
  })

  it('are left out where they could not be read', () => {
    const answer = '==> /a <==\none\n\n==> /c <==\nthree\n'
    expect([...parseContents(answer, ['/a', '/b', '/c'])]).toEqual([
      ['/a', 'one\n'],
      ['/c', 'three\n'],
    ])
    expect(parseContents('', ['/a']).size).toBe(0)
  })

  it.each([
    ['/var/lib/octavia/vrrp/octavia-keepalived.conf', 'keepalived'],
    ['/var/lib/octavia/7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10/haproxy.cfg', 'haproxy'],
    ['/var/lib/octavia/7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10/haproxy.cfg.new-failed', 'haproxy'],
    ['/var/lib/octavia/vrrp/check_scripts/haproxy_check_script.sh', 'checkScript'],
    ['/var/lib/octavia/lvs/octavia-keepalivedlvs-x.conf', 'lvs'],
    ['/etc/octavia/amphora-agent.conf', 'agent'],
    ['/etc/octavia/interfaces/eth1.json', 'interface'],
    ['/etc/network/interfaces', 'interface'],
    ['/etc/netns/amphora-haproxy/network/interfaces.d/eth1.cfg', 'interface'],
    ['/etc/sysconfig/network-scripts/route-eth1', 'interface'],
    ['/lib/systemd/system/octavia-keepalived.service', 'unit'],
    ['/etc/systemd/system/haproxy-x.service.d/a.conf', 'unit'],
    ['/etc/init/octavia-keepalived.conf', 'keepalived'],
    ['/var/lib/octavia/plugged_interfaces', 'pluggedInterfaces'],
    ['/etc/rsyslog.d/49-haproxy.conf', 'rsyslog'],
    ['/var/lib/octavia/haproxy-default-user-group.conf', 'other'],
  ])('%s is for %s', (path, kind) => {
    expect(kindOfFile(path)).toBe(kind)
  })
})
