import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { list, signIn, text } from './api'
import type { Shell } from './shell'
import type { Target } from './target'
import { TARGETS } from './targets'

const KEEPALIVED = 'octavia-keepalived.service'
const PID_FILE = '/var/lib/octavia/vrrp/octavia-keepalived.pid'

describe.each(TARGETS)('An amphora of the $name', ({ open }) => {
  let target: Target
  let master: Shell
  let amphoraId: string
  let loadBalancerId: string
  let vip: string
  let vrrpIp: string

  beforeAll(async () => {
    target = await open()
    const admin = await signIn(target, target.admin)
    const found = await admin.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
    const lb1 = found.body['loadbalancers']![0]!
    loadBalancerId = text(lb1['id'])
    vip = text(lb1['vip_address'])
    const path = `/v2.0/octavia/amphorae?loadbalancer_id=${loadBalancerId}&role=MASTER`
    const amphora = list((await admin.octavia('GET', path)).body['amphorae'])[0]!
    amphoraId = text(amphora['id'])
    vrrpIp = text(amphora['vrrp_ip'])
    master = await target.connect(text(amphora['lb_network_ip']))
  }, 60_000)
  afterAll(async () => {
    master.close()
    await target.close()
  })

  test('is called after its id and keeps time', async () => {
    const name = await master.run('hostname')
    const zone = await master.run('date +%z')
    const clock = await master.run('date +%s.%N')

    expect(name).toEqual({ exit: 0, stdout: `amphora-${amphoraId}\n`, stderr: '' })
    expect(zone.stdout).toBe('+0000\n')
    expect(clock.stdout).toMatch(/^\d{10}\.\d{9}\n$/)
  })

  test('holds the VIP on eth1 in its namespace, with rule and routes', async () => {
    const ip = 'sudo -n ip -n amphora-haproxy -j'
    const addresses = JSON.parse((await master.run(`${ip} address show`)).stdout) as {
      ifname: string
      flags: string[]
      operstate: string
      addr_info: object[]
    }[]
    const rules = JSON.parse((await master.run(`${ip} rule`)).stdout) as object[]
    const routes = JSON.parse((await master.run(`${ip} route show table 1`)).stdout) as object[]

    expect(addresses.map(({ ifname }) => ifname)).toEqual(['lo', 'eth1', 'eth2'])
    const eth1 = addresses[1]!
    expect(Object.keys(eth1)).toEqual([
      'ifindex',
      'link_index',
      'ifname',
      'flags',
      'mtu',
      'qdisc',
      'operstate',
      'group',
      'txqlen',
      'link_type',
      'address',
      'broadcast',
      'link_netnsid',
      'addr_info',
    ])
    expect(eth1).toMatchObject({
      operstate: 'UP',
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    })
    const info = (local: string, prefixlen: number) => ({
      family: 'inet',
      local,
      prefixlen,
      scope: 'global',
      label: 'eth1',
      valid_life_time: 4294967295,
      preferred_life_time: 4294967295,
    })
    expect(eth1.addr_info.slice(0, 2)).toEqual([info(vrrpIp, 24), info(vip, 32)])
    expect(rules).toEqual([
      { priority: 0, src: 'all', table: 'local' },
      { priority: 100, src: vip, table: '1', protocol: 'keepalived' },
      { priority: 32766, src: 'all', table: 'main' },
      { priority: 32767, src: 'all', table: 'default' },
    ])
    expect(routes).toEqual([
      {
        dst: 'default',
        gateway: '192.168.30.1',
        dev: 'eth1',
        protocol: 'keepalived',
        flags: ['onlink'],
      },
      {
        dst: '192.168.30.0/24',
        dev: 'eth1',
        protocol: 'keepalived',
        scope: 'link',
        prefsrc: vip,
        flags: [],
      },
    ])
  })

  test.each([
    [
      'ip -n amphora-haproxy -j addr',
      255,
      'setting the network namespace "amphora-haproxy" failed: Operation not permitted\n',
    ],
    [
      'sudo -n ip -n nope -j addr',
      255,
      'Cannot open network namespace "nope": No such file or directory\n',
    ],
    ['sudo -n ip -n amphora-haproxy -j addr show dev eth9', 1, 'Device "eth9" does not exist.\n'],
    ['nope', 127, 'bash: line 1: nope: command not found\n'],
    ['keepalived --signum=JSON', 127, 'bash: line 1: keepalived: command not found\n'],
    ['sudo -n nope', 1, 'sudo: nope: command not found\n'],
    ['cat /nope', 1, 'cat: /nope: No such file or directory\n'],
    ['stat --format=%i /nope', 1, "stat: cannot statx '/nope': No such file or directory\n"],
    [
      'sudo -n systemctl start nope',
      5,
      'Failed to start nope.service: Unit nope.service not found.\n',
    ],
    [
      'sudo -n systemctl stop nope',
      5,
      'Failed to stop nope.service: Unit nope.service not loaded.\n',
    ],
    ['sudo -n kill -USR1 999999', 1, 'kill: (999999): No such process\n'],
    [
      'sudo -n journalctl -u octavia-keepalived --after-cursor=bogus',
      1,
      'Failed to seek to cursor: Invalid argument\n',
    ],
  ])('answers `%s` with exit status %i and these words', async (line, exit, words) => {
    const answer = await master.run(line)

    expect(answer).toEqual({ exit, stdout: '', stderr: words })
  })

  test('keeps the haproxy configuration to root, the keepalived one to nobody', async () => {
    const path = `/var/lib/octavia/${loadBalancerId}/haproxy.cfg`
    const refused = await master.run(`cat ${path}`)
    const haproxy = await master.run(`sudo -n cat ${path}`)
    const keepalived = await master.run('cat /var/lib/octavia/vrrp/octavia-keepalived.conf')

    expect(refused).toEqual({ exit: 1, stdout: '', stderr: `cat: ${path}: Permission denied\n` })
    expect(shapeOf(haproxy.stdout)).toEqual(HAPROXY_SHAPE)
    expect(shapeOf(keepalived.stdout)).toEqual(KEEPALIVED_SHAPE)
    expect(keepalived.stdout).toContain(`vrrp_instance ${loadBalancerId.replaceAll('-', '')} {`)
    expect(keepalived.stdout).toContain(`unicast_src_ip ${vrrpIp}\n`)
    expect(keepalived.stdout).toMatch(/auth_pass [0-9a-f]{7}\n/)
  })

  test('tells the state of units', async () => {
    const names =
      'Id,LoadState,ActiveState,SubState,Result,MainPID,NRestarts,ActiveEnterTimestamp,ActiveEnterTimestampMonotonic'
    const answer = await master.run(
      `env TZ=UTC LC_ALL=C systemctl show --no-pager --property=${names} ${KEEPALIVED} nope.service`,
    )
    const pid = (await master.run(`cat ${PID_FILE}`)).stdout.trim()

    const [known = '', unknown = ''] = answer.stdout.split('\n\n')
    expect(known.split('\n').map((line) => line.split('=')[0])).toEqual([
      'MainPID',
      'Result',
      'NRestarts',
      'Id',
      'LoadState',
      'ActiveState',
      'SubState',
      'ActiveEnterTimestamp',
      'ActiveEnterTimestampMonotonic',
    ])
    expect(known).toContain(`MainPID=${pid}\n`)
    expect(known).toContain('ActiveState=active\nSubState=running\n')
    expect(known).toMatch(/ActiveEnterTimestamp=\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/)
    expect(unknown).toContain('LoadState=not-found\nActiveState=inactive\nSubState=dead\n')
    expect(unknown).toContain('ActiveEnterTimestamp=\nActiveEnterTimestampMonotonic=0\n')
  })

  test('lists its units and says which are active', async () => {
    const listed = await master.run(
      "systemctl list-units --all --no-legend --plain --no-pager 'haproxy-*' 'octavia-keep*' 'amphora-*' 'prometheus-proxy*'",
    )
    const active = await master.run(`systemctl is-active ${KEEPALIVED} nope`)
    const none = await master.run('systemctl is-active nope')

    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).slice(0, 4)),
    ).toEqual([
      ['amphora-agent.service', 'loaded', 'active', 'running'],
      ['amphora-netns.service', 'loaded', 'active', 'exited'],
      [`haproxy-${loadBalancerId}.service`, 'loaded', 'active', 'running'],
      [KEEPALIVED, 'loaded', 'active', 'running'],
      ['prometheus-proxy.service', 'loaded', 'active', 'running'],
    ])
    expect(active).toEqual({ exit: 0, stdout: 'active\ninactive\n', stderr: '' })
    expect(none).toEqual({ exit: 3, stdout: 'inactive\n', stderr: '' })
  })

  test('lets nobody but root stop a unit', async () => {
    const answer = await master.run(`systemctl stop ${KEEPALIVED}`)

    expect(answer.exit).toBe(4)
    expect(answer.stderr).toBe(
      `Failed to stop ${KEEPALIVED}: Access denied\nSee system logs and 'systemctl status ${KEEPALIVED}' for details.\n`,
    )
  })

  test('writes dumps on signals, for root alone', async () => {
    const number = await master.run('sudo -n keepalived --signum=JSON')
    for (const signal of ['USR1', 'USR2', number.stdout.trim()]) {
      await master.run(`sudo -n systemctl kill --kill-who=main --signal=${signal} ${KEEPALIVED}`)
    }
    await new Promise((wake) => setTimeout(wake, 500))
    const status = await master.run(
      "sudo -n stat '--format=%n %a %U' /tmp/keepalived.data /tmp/keepalived.json",
    )
    const json = JSON.parse((await master.run('sudo -n cat /tmp/keepalived.json')).stdout) as {
      data: Record<string, unknown>
      stats: Record<string, unknown>
    }[]
    const data = (await master.run('sudo -n cat /tmp/keepalived.data')).stdout
    const stats = (await master.run('sudo -n cat /tmp/keepalived.stats')).stdout
    const refused = await master.run('cat /tmp/keepalived.json')

    expect(number.stdout).toBe('36\n')
    expect(status.stdout).toBe('/tmp/keepalived.data 600 root\n/tmp/keepalived.json 600 root\n')
    expect(refused.exit).toBe(1)
    expect(json[0]!.data).toMatchObject({
      iname: loadBalancerId.replaceAll('-', ''),
      state: 2,
      wantstate: 2,
      vipset: true,
      nopreempt: false,
      base_priority: 100,
      effective_priority: 100,
      vips: [`${vip} dev eth1 scope global set`],
    })
    expect(Object.keys(json[0]!.stats)).toEqual([
      'advert_rcvd',
      'advert_sent',
      'become_master',
      'release_master',
      'packet_len_err',
      'advert_interval_err',
      'ip_ttl_err',
      'invalid_type_rcvd',
      'addr_list_err',
      'invalid_authtype',
      'authtype_mismatch',
      'auth_failure',
      'pri_zero_rcvd',
      'pri_zero_sent',
    ])
    expect(data).toContain('   State = MASTER\n')
    expect(data).toMatch(
      / {3}Last transition = \d{10}\.\d{6} \(\w{3} \w{3} [ \d]\d [\d:.]+ \d{4}\)\n/,
    )
    expect(sections(data)).toEqual([
      'Global definitions',
      'VRRP Topology',
      'VRRP Sockpool',
      'VRRP Scripts',
      'Interfaces',
    ])
    expect(stats.replaceAll(/: \d+/g, ': N').split('\n').slice(1)).toEqual(STATISTICS)
  })

  test('has a journal in JSON whose cursors resume after their entry', async () => {
    const all = await master.run(`sudo -n journalctl -u ${KEEPALIVED} -n 5 -o json`)
    const entries = all.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>)
    const third = entries[2]!['__CURSOR']!
    const after = await master.run(
      `sudo -n journalctl -u ${KEEPALIVED} -o json '--after-cursor=${third}'`,
    )
    const from = await master.run(`sudo -n journalctl -u ${KEEPALIVED} -o json '--cursor=${third}'`)
    const none = await master.run(`sudo -n journalctl -u ${KEEPALIVED} -n 0 -o json`)
    const cursors = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Record<string, string>)['__CURSOR'])

    expect(cursors(after.stdout)).toEqual(entries.slice(3).map((entry) => entry['__CURSOR']))
    expect(cursors(from.stdout)).toEqual(entries.slice(2).map((entry) => entry['__CURSOR']))
    expect(none).toEqual({ exit: 0, stdout: '', stderr: '' })
    const line = entries.find((entry) => entry['SYSLOG_IDENTIFIER'] === 'Keepalived_vrrp')!
    expect(Object.keys(line).sort()).toEqual(JOURNAL_FIELDS)
    expect(line).toMatchObject({
      PRIORITY: '6',
      SYSLOG_FACILITY: '17',
      _HOSTNAME: `amphora-${amphoraId}`,
      _SYSTEMD_UNIT: KEEPALIVED,
      _TRANSPORT: 'syslog',
    })
    expect(line['__CURSOR']).toMatch(
      /^s=[0-9a-f]{32};i=[0-9a-f]+;b=[0-9a-f]{32};m=[0-9a-f]+;t=[0-9a-f]+;x=[0-9a-f]+$/,
    )
  })

  test('lets a load balancer’s clients reach both members in turn', async () => {
    const bodies = []
    for (let turn = 0; turn < 4; turn += 1) bodies.push((await target.get(vip))?.body)

    expect(bodies.sort()).toEqual(['web1', 'web1', 'web2', 'web2'])
  })
})

const sections = (data: string): string[] =>
  Array.from(data.matchAll(/^------< (.*) >------$/gm), ([, name]) => name!)

/** A configuration without what is particular: ids, addresses, names of peers, secrets. */
const shapeOf = (text: string): string[] =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/[0-9a-f]{32}/g, 'HEX')
    .replaceAll(/\d+\.\d+\.\d+\.\d+/g, 'IP')
    .replaceAll(/peer \S+ IP/g, 'peer NAME IP')
    .replaceAll(/auth_pass \S+/g, 'auth_pass SECRET')
    .split('\n')

const KEEPALIVED_SHAPE = `vrrp_script check_script {
    script /var/lib/octavia/vrrp/check_script.sh
    interval 5
    fall 2
    rise 2
}

vrrp_instance HEX {
    state MASTER
    interface eth1
    virtual_router_id 1
    priority 100
    nopreempt
    accept
    garp_master_refresh 5
    garp_master_refresh_repeat 2
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass SECRET
    }

    unicast_src_ip IP
    unicast_peer {
        IP
    }

    virtual_ipaddress {
        IP
    }

    virtual_ipaddress_excluded {
    }

    virtual_routes {
        IP/24 dev eth1 src IP scope link table 1
        default via IP dev eth1 onlink table 1
    }

    virtual_rules {
        from IP/32 table 1 priority 100
    }

    track_script {
        check_script
    }
}`.split('\n')

const HAPROXY_SHAPE = `# Configuration for loadbalancer ID
global
    daemon
    user nobody
    log /run/rsyslog/octavia/log local0
    log /run/rsyslog/octavia/log local1 notice
    stats socket /var/lib/octavia/ID.sock mode 0666 level user
    server-state-file /var/lib/octavia/ID/servers-state
    maxconn 2000

defaults
    log global
    retries 3
    option redispatch
    option splice-request
    option splice-response
    option http-keep-alive

peers HEX_peers
    peer NAME IP:1025
    peer NAME IP:1025



frontend ID
    maxconn 2000
    bind IP:80
    mode http
    default_backend ID:ID
    timeout client 50000
    log-format HEX\\ ID\\ %f\\ %ci\\ %cp\\ %t\\ %{+Q}r\\ %ST\\ %B\\ %U\\ %[ssl_c_verify]\\ %{+Q}[ssl_c_s_dn]\\ %b\\ %s\\ %Tt\\ %tsc

backend ID:ID
    mode http
    http-reuse safe
    balance roundrobin
    load-server-state-from-file global
    timeout check 3s
    option httpchk GET /
    http-check expect rstatus 200
    fullconn 2000
    option allbackups
    timeout connect 5000
    timeout server 50000
    server ID IP:80 weight 1 check inter 5s fall 3 rise 4
    server ID IP:80 weight 1 check inter 5s fall 3 rise 4

`.split('\n')

const STATISTICS = `  Advertisements:
    Received: N
    Sent: N
  Became master: N
  Released master: N
  Packet Errors:
    Length: N
    TTL: N
    Invalid Type: N
    Advertisement Interval: N
    Address List: N
  Authentication Errors:
    Invalid Type: N
    Type Mismatch: N
    Failure: N
  Priority Zero:
    Received: N
    Sent: N
`.split('\n')

const JOURNAL_FIELDS = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_FACILITY',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'SYSLOG_TIMESTAMP',
  '_BOOT_ID',
  '_CAP_EFFECTIVE',
  '_CMDLINE',
  '_COMM',
  '_EXE',
  '_GID',
  '_HOSTNAME',
  '_MACHINE_ID',
  '_PID',
  '_RUNTIME_SCOPE',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SYSTEMD_CGROUP',
  '_SYSTEMD_INVOCATION_ID',
  '_SYSTEMD_SLICE',
  '_SYSTEMD_UNIT',
  '_TRANSPORT',
  '_UID',
  '__CURSOR',
  '__MONOTONIC_TIMESTAMP',
  '__REALTIME_TIMESTAMP',
]
