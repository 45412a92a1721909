import { describe, expect, it } from 'vitest'
import { parseKernelMessages } from '../../../../../main/domain/amphora/logs'
import {
  parseConntrack,
  parseUnitNames,
  roleOfUnit,
} from '../../../../../main/domain/amphora/services'
import { parseSockets } from '../../../../../main/domain/amphora/sockets'
import * as system from '../../../../../main/domain/amphora/system'
import { capture } from '../captures'

describe('what the machine tells of itself', () => {
  it('has a distribution, whoever made it', () => {
    expect(system.parseDistribution('ID=x\nPRETTY_NAME="Ubuntu 22.04.4 LTS"\n')).toBe(
      'Ubuntu 22.04.4 LTS',
    )
    expect(system.parseDistribution("NAME='CentOS Linux'\nVERSION=7\n")).toBe('CentOS Linux 7')
    expect(system.parseDistribution('')).toBeUndefined()
  })

  it('has load, memory and processors', () => {
    expect(system.parseLoad('1.19 1.90 1.71 1/855 3641\n')).toEqual([1.19, 1.9, 1.71])
    expect(system.parseLoad('nonsense')).toBeUndefined()
    const memory = 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 30 kB\n'
    expect(system.parseMemory(`${memory}SwapTotal: 50 kB\nSwapFree: 40 kB\n`)).toEqual({
      ...{ total: 1_024_000, available: 153_600, swapUsed: 10_240 },
    })
    expect(system.parseMemory(`${memory}MemAvailable: 500 kB\n`)?.available).toBe(512_000)
    expect(system.parseMemory('MemTotal: x')).toBeUndefined()
    const stat =
      'cpu  10 0 10 70 0 0 0 10 0 0\ncpu0 5 0 5 35 0 0 0 5 0 0\ncpu1 5 0 5 35 0 0 0 5 0 0\n'
    expect(system.parseProcessors(stat)).toEqual({ count: 2, steal: 10 })
    expect(system.parseProcessors('cpu  1 2 3\ncpu0 1 2 3\n')).toEqual({ count: 1 })
    expect(system.parseProcessors('intr 1\n')).toBeUndefined()
  })

  it('has disks, without those of the kernel', () => {
    const text =
      'Filesystem     Type     1-blocks       Used  Available Capacity Mounted on\n' +
      'overlay        overlay 270553174016 26895532032 82048761856      25% /\n' +
      'udev           devtmpfs    4194304           0     4194304       0% /dev\n' +
      'tmpfs          tmpfs       4194304           0     4194304       0% /sys/fs\n' +
      'tmpfs          tmpfs       5242880           0     5242880       0% /var/my logs\n'
    expect(system.parseDisks(text)).toEqual([
      { mount: '/', size: 270553174016, used: 26895532032, filesystem: 'overlay' },
      { mount: '/var/my logs', size: 5242880, used: 0, filesystem: 'tmpfs' },
    ])
    expect(system.parseDisks('df: no\n')).toBeUndefined()
  })

  it('has a name, a kernel, a start', () => {
    expect(system.parseUname('amphora-x 6.1.0-40-amd64\n')).toEqual({
      ...{ hostname: 'amphora-x', kernel: '6.1.0-40-amd64' },
    })
    expect(system.parseBootTime('UserspaceTimestamp=Sun 2026-11-22 14:04:03 UTC\n')).toBe(
      Date.UTC(2026, 10, 22, 14, 4, 3),
    )
    expect(system.parseBootTime('UserspaceTimestamp=\n')).toBeUndefined()
  })

  it.each([
    [system.parseKeepalivedVersion, 'Keepalived v1.3.9 (10/21,2017)\n\nCopyright', '1.3.9'],
    [
      system.parseHaproxyVersion,
      'HA-Proxy version 1.8.8-1ubuntu0.10 2020/04/03\n',
      '1.8.8-1ubuntu0.10',
    ],
    [
      system.parseHaproxyVersion,
      'HAProxy version 2.6.12-1+deb12u4 2026/10/17 - x',
      '2.6.12-1+deb12u4',
    ],
    [system.parsePythonVersion, 'Python 3.11.2\n', '3.11.2'],
    [
      system.parseAgentVersion,
      '/usr/lib/python3/dist-packages/octavia-11.0.0.egg-info\n',
      '11.0.0',
    ],
    [
      system.parseAgentVersion,
      '/opt/v/lib/python3.10/site-packages/octavia-14.0.1.dev3.dist-info',
      '14.0.1.dev3',
    ],
    [system.parseAgentVersion, '/x/octavia-9.0.0-py3.8.egg-info', '9.0.0'],
    [system.parseAgentVersion, '/x/octavia_lib-3.0.0.dist-info\n', undefined],
  ])('has versions: %# %j', (parse, text, version) => {
    expect(parse(text)).toBe(version)
  })

  it('keeps kernel messages that matter', () => {
    const messages = parseKernelMessages(
      '1795345414.123456 amphora kernel: Linux version 6.1\n' +
        '1795345415.5 amphora kernel: Out of memory: Killed process 105 (haproxy)\n' +
        '1795345416.5 amphora kernel: nf_conntrack: nf_conntrack: table full, dropping packet\n' +
        '-- No entries --\n',
    )
    expect(messages.map(({ text }) => text.slice(0, 12))).toEqual(['Out of memor', 'nf_conntrack'])
    expect(messages[0]!.at).toBe(1795345415500)
  })
})

describe('services', () => {
  it.each([
    ['octavia-keepalived.service', 'keepalived'],
    ['octavia-keepalivedlvs-x.service', 'lvs'],
    ['haproxy-x.service', 'haproxy'],
    ['amphora-agent.service', 'agent'],
    ['octavia-agent.service', 'agent'],
    ['amphora-netns.service', 'netns'],
    ['octavia-agent-netns.service', 'netns'],
    ['octavia-agent-certs-ramfs.service', 'certs'],
    ['prometheus-proxy.service', 'prometheus'],
    ['octavia-something.service', 'other'],
  ])('%s is %s', (unit, role) => {
    expect(roleOfUnit(unit)).toBe(role)
  })

  it('are named in a list with or without marks', () => {
    const text =
      '● haproxy-x.service loaded failed failed HAProxy\n  amphora-agent.service loaded\nlegend\n'
    expect(parseUnitNames(text)).toEqual(['haproxy-x.service', 'amphora-agent.service'])
  })

  it('share a table of connections', () => {
    expect(parseConntrack('1\n262144\n')).toEqual({ count: 1, limit: 262144 })
    expect(parseConntrack('cat: no such file\n')).toBeUndefined()
  })
})

describe('sockets', () => {
  it('name protocol, state, ends and process', () => {
    const sockets = parseSockets(
      'Netid State  Recv-Q Send-Q  Local Address:Port Peer Address:PortProcess\n' +
        'raw   UNCONN 0      0             0.0.0.0:112       0.0.0.0:*    users:(("keepalived",pid=1564,fd=14))  \n' +
        'tcp   ESTAB  0      0      192.168.30.249:7671 192.168.30.241:1025 users:(("haproxy",108,14))\n' +
        'tcp   ESTAB  0      0      192.168.30.249:7671 192.168.30.241:1025 users:(("haproxy",108,14))\n' +
        'u_str ESTAB  0      0      [::]:1 [::]:*\n',
    )
    expect(sockets).toEqual([
      {
        ...{ protocol: 'raw', state: 'UNCONN', local: '0.0.0.0:112', remote: '0.0.0.0:*' },
        ...{ process: 'keepalived', pid: 1564 },
      },
      {
        ...{ protocol: 'tcp', state: 'ESTAB', local: '192.168.30.249:7671' },
        ...{ remote: '192.168.30.241:1025', process: 'haproxy', pid: 108 },
      },
      { protocol: 'other', state: 'ESTAB', local: '[::]:1', remote: '[::]:*' },
    ])
  })

  it('are read from captures without the protocol, too', () => {
    const sockets = parseSockets(capture('amphora/ss.txt'))!
    expect(sockets).toHaveLength(5)
    expect(sockets[0]).toMatchObject({ protocol: 'tcp', local: '10.77.1.100:80', pid: 805 })
  })

  it('are none below a heading alone, and unknown without one', () => {
    expect(parseSockets('Netid State  Recv-Q Send-Q Local Address:Port\n')).toEqual([])
    expect(parseSockets('Cannot open netlink socket\n')).toBeUndefined()
  })
})
