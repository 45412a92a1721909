import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { list, send, signIn, text, type Api, type Json } from './api'
import type { Target } from './target'
import { TARGETS } from './targets'

const NOBODY = '00000000-0000-0000-0000-000000000001'

/** Words of a fault with the sets that Python prints in any order put in one order. */
const sorted = (words: string): string =>
  words.replace(/(Value should be one of: )(.*)$/, (_, head: string, values: string) =>
    head.concat(values.split(', ').sort().join(', ')),
  )

describe.each(TARGETS)('Octavia of the $name', ({ open }) => {
  let target: Target
  let member: Api
  let admin: Api
  let lb1: Json
  let id: string
  let listenerId: string
  let poolId: string

  beforeAll(async () => {
    target = await open()
    member = await signIn(target, target.member)
    admin = await signIn(target, target.admin)
    const found = await member.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
    lb1 = found.body['loadbalancers']![0]!
    id = text(lb1['id'])
    listenerId = text(lb1['listeners']![0]!['id'])
    poolId = text(lb1['pools']![0]!['id'])
  }, 60_000)
  afterAll(() => target.close())

  test('offers every minor version up to v2.26, which is current', async () => {
    const answer = await send('GET', `${member.url('load-balancer')}/`)

    const versions = list(answer.body['versions'])
    expect(answer.status).toBe(200)
    expect(versions.map((each) => text(each['id']))).toEqual(
      Array.from({ length: 27 }, (_, minor) => `v2.${minor}`),
    )
    expect(versions.at(-1)).toEqual({
      id: 'v2.26',
      status: 'CURRENT',
      updated: '2022-08-29T00:00:00Z',
      links: [{ href: `${member.url('load-balancer')}/v2`, rel: 'self' }],
    })
    expect(versions.slice(0, -1).every((each) => text(each['status']) === 'SUPPORTED')).toBe(true)
  })

  test('wants a token', async () => {
    const answer = await send('GET', `${member.url('load-balancer')}/v2/lbaas/loadbalancers`)

    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Keystone uri="http/)
    expect(answer.body).toEqual({
      error: {
        code: 401,
        title: 'Unauthorized',
        message: 'The request you have made requires authentication.',
      },
    })
  })

  test('gives every answer a request id', async () => {
    const answer = await member.octavia('GET', '/v2.0/lbaas/providers')

    expect(answer.headers.get('x-openstack-request-id')).toMatch(/^req-[0-9a-f-]{36}$/)
    expect(answer.body).toEqual({
      providers: [
        { name: 'amphora', description: 'The Octavia Amphora driver.' },
        { name: 'octavia', description: 'Deprecated alias of the Octavia Amphora driver.' },
      ],
    })
  })

  test('shows a load balancer with the fields of Zed, in their order', () => {
    expect(Object.keys(lb1)).toEqual([
      'id',
      'name',
      'description',
      'provisioning_status',
      'operating_status',
      'admin_state_up',
      'project_id',
      'created_at',
      'updated_at',
      'vip_address',
      'vip_port_id',
      'vip_subnet_id',
      'vip_network_id',
      'additional_vips',
      'listeners',
      'pools',
      'provider',
      'flavor_id',
      'vip_qos_policy_id',
      'tags',
      'availability_zone',
      'tenant_id',
    ])
    expect(lb1).toMatchObject({
      name: 'lb1',
      provisioning_status: 'ACTIVE',
      operating_status: 'ONLINE',
      vip_address: '192.168.30.101',
      provider: 'amphora',
      additional_vips: [],
    })
    expect(text(lb1['created_at'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  })

  test('shows listener, pool, monitor and members with the fields of Zed', async () => {
    const listener = (await member.octavia('GET', `/v2.0/lbaas/listeners/${listenerId}`)).body
    const pool = (await member.octavia('GET', `/v2.0/lbaas/pools/${poolId}`)).body
    const monitors = (await member.octavia('GET', `/v2.0/lbaas/healthmonitors?pool_id=${poolId}`))
      .body
    const members = (await member.octavia('GET', `/v2.0/lbaas/pools/${poolId}/members`)).body

    expect(listener['listener']).toEqual({
      id: listenerId,
      name: 'lb1-http',
      description: '',
      provisioning_status: 'ACTIVE',
      operating_status: 'ONLINE',
      admin_state_up: true,
      protocol: 'HTTP',
      protocol_port: 80,
      connection_limit: -1,
      default_tls_container_ref: null,
      sni_container_refs: [],
      project_id: lb1['project_id'],
      default_pool_id: poolId,
      l7policies: [],
      insert_headers: {},
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
      loadbalancers: [{ id }],
      timeout_client_data: 50000,
      timeout_member_connect: 5000,
      timeout_member_data: 50000,
      timeout_tcp_inspect: 0,
      tags: [],
      client_ca_tls_container_ref: null,
      client_authentication: 'NONE',
      client_crl_container_ref: null,
      allowed_cidrs: null,
      tls_ciphers: null,
      tls_versions: null,
      alpn_protocols: null,
      tenant_id: lb1['project_id'],
    })
    expect(pool['pool']).toMatchObject({
      lb_algorithm: 'ROUND_ROBIN',
      session_persistence: null,
      loadbalancers: [{ id }],
      listeners: [{ id: listenerId }],
      healthmonitor_id: monitors['healthmonitors']![0]!['id'],
      tls_enabled: false,
    })
    expect(monitors['healthmonitors']![0]).toMatchObject({
      type: 'HTTP',
      delay: 5,
      timeout: 3,
      max_retries: 4,
      max_retries_down: 3,
      http_method: 'GET',
      url_path: '/',
      expected_codes: '200',
      http_version: null,
      domain_name: null,
    })
    expect(Object.keys(members['members']![0]!)).toEqual([
      'id',
      'name',
      'operating_status',
      'provisioning_status',
      'admin_state_up',
      'address',
      'protocol_port',
      'weight',
      'backup',
      'subnet_id',
      'project_id',
      'created_at',
      'updated_at',
      'monitor_address',
      'monitor_port',
      'tags',
      'tenant_id',
    ])
    expect(list(members['members']).map((each) => text(each['address']))).toEqual([
      '192.168.220.6',
      '192.168.220.26',
    ])
  })

  test('shows the tree of statuses and the statistics', async () => {
    const tree = (await member.octavia('GET', `/v2.0/lbaas/loadbalancers/${id}/status`)).body
    const stats = (await member.octavia('GET', `/v2.0/lbaas/loadbalancers/${id}/stats`)).body

    const top = tree['statuses']!['loadbalancer']!
    const pool = top['listeners']![0]!['pools']![0]!
    expect(Object.keys(top)).toEqual([
      'id',
      'name',
      'operating_status',
      'provisioning_status',
      'listeners',
    ])
    expect(pool['health_monitor']).toMatchObject({ type: 'HTTP', operating_status: 'ONLINE' })
    expect(list(pool['members']).map((each) => text(each['operating_status']))).toEqual([
      'ONLINE',
      'ONLINE',
    ])
    expect(Object.keys(stats['stats']!)).toEqual([
      'bytes_in',
      'bytes_out',
      'active_connections',
      'total_connections',
      'request_errors',
    ])
  })

  test('pages by marker; a full page says that there may be more', async () => {
    const url = '/v2.0/lbaas/loadbalancers?limit=1'
    const first = (await member.octavia('GET', url)).body
    const firstId = text(first['loadbalancers']![0]!['id'])
    const second = (await member.octavia('GET', `${url}&marker=${firstId}`)).body

    expect(first['loadbalancers_links']).toEqual([
      {
        href: `${member.url('load-balancer')}/v2.0/lbaas/loadbalancers?limit=1&marker=${firstId}`,
        rel: 'next',
      },
    ])
    expect(list(second['loadbalancers']).some((each) => text(each['id']) === firstId)).toBe(false)
  })

  test('selects fields that are repeated, and none out of a list with commas', async () => {
    const url = '/v2.0/lbaas/loadbalancers?name=lb1'
    const repeated = (await member.octavia('GET', `${url}&fields=id&fields=name`)).body
    const commas = (await member.octavia('GET', `${url}&fields=id,name`)).body

    expect(repeated['loadbalancers']).toEqual([{ id, name: 'lb1' }])
    expect(commas['loadbalancers']).toEqual([{}])
  })

  test.each([
    ['loadbalancers?vip_address=192.168.30.101', 1],
    ['loadbalancers?provisioning_status=nope', 0],
    ['loadbalancers?tags=nobody-has-this', 0],
    ['loadbalancers?not-tags=nobody-has-this&name=lb1', 1],
    ['loadbalancers?admin_state_up=true&name=lb1', 1],
    ['listeners?protocol_port=80&name=lb1-http', 1],
  ])('filters %s', async (path, count) => {
    const answer = await member.octavia('GET', `/v2.0/lbaas/${path}`)
    const [plural = ''] = path.split('?')

    expect(answer.status).toBe(200)
    expect(list(answer.body[plural])).toHaveLength(count)
  })

  test.each([
    ['loadbalancers?limit=0', 500, "'>=' not supported between instances of 'int' and 'NoneType'"],
    ['loadbalancers?marker=bogus', 400, "Supplied pagination marker 'bogus' is not valid."],
    ['loadbalancers?sort_key=bogus', 400, "Supplied sort key 'bogus' is not valid."],
    ['loadbalancers?bogus=1', 400, 'One or more arguments are either duplicate or invalid'],
    ['pools?listener_id=x', 400, 'One or more arguments are either duplicate or invalid'],
    ['loadbalancers?project_id=x', 403, 'Policy does not allow this request to be performed.'],
    ['loadbalancers/nope', 404, 'Load Balancer nope not found.'],
    ['loadbalancers/nope/stats', 404, 'Load Balancer nope not found.'],
    ['listeners/nope', 404, 'Listener nope not found.'],
    ['pools/nope', 404, 'Pool nope not found.'],
    ['healthmonitors/nope', 404, 'Health Monitor nope not found.'],
  ])('refuses %s with %i', async (path, status, words) => {
    const answer = await member.octavia('GET', `/v2.0/lbaas/${path}`)

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({
      faultcode: status === 500 ? 'Server' : 'Client',
      faultstring: words,
      debuginfo: null,
    })
  })

  test.each([
    ['loadbalancers?limit=x', 400, 'Bad Request', "Supplied pagination limit 'x' is not valid."],
    [
      'loadbalancers?sort=name:up',
      400,
      'Bad Request',
      "Supplied sort direction 'up' is not valid.",
    ],
    ['pools/nope/members', 404, 'Bad Request', 'Pool nope not found.'],
    ['nope', 404, 'Not Found', ''],
  ])('refuses %s in the other form of body', async (path, status, title, description) => {
    const answer = await member.octavia('GET', `/v2.0/lbaas/${path}`)

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ code: status, title, description })
  })

  test('refuses what is wrong in a body, in these words', async () => {
    const subnet = lb1['vip_subnet_id']
    const listener = { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 81 }
    const pool = { loadbalancer_id: id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' }
    const monitor = { pool_id: poolId, type: 'TCP', delay: 5, timeout: 3, max_retries: 3 }
    const members = `pools/${poolId}/members`
    const cases: [string, unknown, number, string][] = [
      [
        'loadbalancers',
        { loadbalancer: { name: 'x' } },
        400,
        'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.',
      ],
      ['loadbalancers', '{', 400, 'Request is not in valid JSON format'],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: 'nope' } },
        400,
        "Invalid input for field/attribute vip_subnet_id. Value: 'nope'. Value should be UUID format",
      ],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: NOBODY } },
        400,
        `Subnet ${NOBODY} not found.`,
      ],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: subnet, vip_address: 'nope' } },
        400,
        "Invalid input for field/attribute vip_address. Value: 'nope'. Value should be IPv4 or IPv6 format",
      ],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: subnet, provider: 'ovn' } },
        400,
        "Provider 'ovn' is not enabled.",
      ],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: subnet, bogus: 1 } },
        400,
        'Unknown attribute for argument load_balancer.loadbalancer: bogus',
      ],
      [
        'loadbalancers',
        { loadbalancer: { vip_subnet_id: subnet, name: 'x'.repeat(256) } },
        400,
        `Invalid input for field/attribute name. Value: '${'x'.repeat(256)}'. Value should have a maximum character requirement of 255`,
      ],
      [
        'listeners',
        { listener: { ...listener, protocol_port: 80 } },
        409,
        'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80',
      ],
      [
        'listeners',
        { listener: { ...listener, protocol: 'TCP', protocol_port: 80 } },
        409,
        'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80',
      ],
      [
        'listeners',
        { listener: { ...listener, protocol: 'FTP' } },
        400,
        "Invalid input for field/attribute protocol. Value: 'FTP'. Value should be one of: TCP, SCTP, HTTP, UDP, TERMINATED_HTTPS, HTTPS, PROMETHEUS",
      ],
      [
        'listeners',
        { listener: { ...listener, protocol_port: 99999 } },
        400,
        "Invalid input for field/attribute protocol_port. Value: '99999'. Value should be lower or equal to 65535",
      ],
      [
        'listeners',
        { listener: { ...listener, protocol_port: 'x' } },
        400,
        `Invalid input for field/attribute listener_. Value: '{'listener': {'loadbalancer_id': '${id}', 'protocol': 'HTTP', 'protocol_port': 'x'}}'. invalid literal for int() with base 10: 'x'`,
      ],
      [
        'listeners',
        { listener: { loadbalancer_id: id, protocol_port: 81 } },
        400,
        "Invalid input for field/attribute protocol. Value: 'None'. Mandatory field missing.",
      ],
      [
        'listeners',
        { listener: { ...listener, bogus: 1 } },
        400,
        'Unknown attribute for argument listener_.listener: bogus',
      ],
      [
        'listeners',
        { listener: { ...listener, connection_limit: -2 } },
        400,
        "Invalid input for field/attribute connection_limit. Value: '-2'. Value should be greater or equal to -1",
      ],
      [
        'listeners',
        { listener: { ...listener, allowed_cidrs: ['x'] } },
        400,
        "Invalid input for field/attribute allowed_cidrs. Value: '['x']'. Value should be IPv4 or IPv6 CIDR format",
      ],
      [
        'listeners',
        { listener: { ...listener, loadbalancer_id: NOBODY } },
        404,
        `Load Balancer ${NOBODY} not found.`,
      ],
      [
        'pools',
        { pool: { ...pool, lb_algorithm: 'X' } },
        400,
        "Invalid input for field/attribute lb_algorithm. Value: 'X'. Value should be one of: SOURCE_IP, LEAST_CONNECTIONS, SOURCE_IP_PORT, ROUND_ROBIN",
      ],
      [
        'pools',
        { pool: { ...pool, lb_algorithm: 'SOURCE_IP_PORT' } },
        501,
        "Provider 'amphora' does not support a requested option: Amphora provider does not support SOURCE_IP_PORT algorithm.",
      ],
      [
        'pools',
        { pool: { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
        400,
        'Validation failure: Must provide at least one of: loadbalancer_id, listener_id',
      ],
      [
        'pools',
        { pool: { ...pool, loadbalancer_id: undefined, listener_id: listenerId } },
        409,
        'This listener already has a default pool',
      ],
      [
        'pools',
        { pool: { listener_id: listenerId, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' } },
        400,
        "Validation failure: The pool protocol 'TCP' is invalid while the listener protocol is 'HTTP'.",
      ],
      [
        'pools',
        { pool: { ...pool, session_persistence: { type: 'APP_COOKIE' } } },
        400,
        'Validation failure: Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
      ],
      ['healthmonitors', { healthmonitor: monitor }, 409, 'This pool already has a health monitor'],
      [
        'healthmonitors',
        { healthmonitor: { ...monitor, max_retries: 11 } },
        400,
        "Invalid input for field/attribute max_retries. Value: '11'. Value should be lower or equal to 10",
      ],
      [
        'healthmonitors',
        { healthmonitor: { ...monitor, url_path: '/' } },
        400,
        'url_path is not a valid option for health monitors of type TCP',
      ],
      [
        'healthmonitors',
        { healthmonitor: { ...monitor, type: 'UDP-CONNECT' } },
        400,
        'Validation failure: The UDP-CONNECT type is only supported for pools of type UDP/SCTP.',
      ],
      [
        'healthmonitors',
        { healthmonitor: { ...monitor, type: 'HTTP', expected_codes: 'x' } },
        400,
        "Invalid input for field/attribute expected_codes. Value: 'x'. Value should match the pattern ^(\\d{3}(\\s*,\\s*\\d{3})*)$|^(\\d{3}-\\d{3})$",
      ],
      [
        'healthmonitors',
        { healthmonitor: { ...monitor, type: 'HTTP', url_path: 'x' } },
        400,
        "Invalid input for field/attribute url_path. Value: 'x'. Value must be a valid URL Path string",
      ],
      [
        members,
        { member: { address: '192.168.220.6', protocol_port: 80 } },
        409,
        'Another member on this pool is already using ip 192.168.220.6 on protocol_port 80',
      ],
      [
        members,
        { member: { address: 'x', protocol_port: 80 } },
        400,
        "Invalid input for field/attribute address. Value: 'x'. Value should be IPv4 or IPv6 format",
      ],
      [
        members,
        { member: { address: '192.168.220.7', protocol_port: 80, weight: 257 } },
        400,
        "Invalid input for field/attribute weight. Value: '257'. Value should be lower or equal to 256",
      ],
      [
        members,
        { member: { address: '192.168.220.7', protocol_port: 80, subnet_id: NOBODY } },
        400,
        `Subnet ${NOBODY} not found.`,
      ],
      [
        members,
        { member: { address: '169.254.169.254', protocol_port: 80 } },
        400,
        '169.254.169.254 is not a valid option for member address',
      ],
    ]
    const answers = []
    for (const [path, body] of cases) {
      const answer = await member.octavia('POST', `/v2.0/lbaas/${path}`, body)
      answers.push([path, body, answer.status, sorted(text(answer.body['faultstring']))])
    }

    expect(answers).toEqual(
      cases.map(([path, body, status, words]) => [path, body, status, sorted(words)]),
    )
  })

  test('shows amphorae to an administrator only', async () => {
    const refused = await member.octavia('GET', '/v2.0/octavia/amphorae?limit=1')
    const answer = await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${id}`)

    expect(refused.status).toBe(403)
    expect(text(refused.body['faultstring'])).toBe(
      'Policy does not allow this request to be performed.',
    )
    const amphorae = list(answer.body['amphorae'])
    expect(Object.keys(amphorae[0]!)).toEqual([
      'id',
      'loadbalancer_id',
      'compute_id',
      'lb_network_ip',
      'vrrp_ip',
      'ha_ip',
      'vrrp_port_id',
      'ha_port_id',
      'cert_expiration',
      'cert_busy',
      'role',
      'status',
      'vrrp_interface',
      'vrrp_id',
      'vrrp_priority',
      'cached_zone',
      'created_at',
      'updated_at',
      'image_id',
      'compute_flavor',
    ])
    expect(
      amphorae
        .map((each) => [text(each['role']), each['vrrp_priority'], text(each['status'])])
        .sort(),
    ).toEqual([
      ['BACKUP', 90, 'ALLOCATED'],
      ['MASTER', 100, 'ALLOCATED'],
    ])
    expect(amphorae[0]).toMatchObject({
      ha_ip: lb1['vip_address'],
      ha_port_id: lb1['vip_port_id'],
      vrrp_interface: 'eth1',
      vrrp_id: 1,
      cert_busy: false,
    })
    for (const each of amphorae)
      expect(text(each['created_at']) >= text(lb1['created_at']), 'made for it').toBe(true)
  })

  test('does not delete what has children, or amphorae that work', async () => {
    const whole = await member.octavia('DELETE', `/v2.0/lbaas/loadbalancers/${id}`)
    const amphorae = (await admin.octavia('GET', '/v2.0/octavia/amphorae?limit=1')).body['amphorae']
    const amphora = text(amphorae![0]!['id'])
    const one = await admin.octavia('DELETE', `/v2.0/octavia/amphorae/${amphora}`)

    expect([whole.status, text(whole.body['faultstring'])]).toEqual([
      400,
      `Validation failure: Cannot delete Load Balancer ${id} - it has children`,
    ])
    expect([one.status, text(one.body['faultstring'])]).toEqual([
      409,
      `amphora ${amphora} is immutable and cannot be updated.`,
    ])
  })

  test('has VIP port and VRRP ports in Neutron as Octavia makes them', async () => {
    const vip = (await member.neutron(`/ports/${text(lb1['vip_port_id'])}`)).body['port']
    const amphorae = list(
      (await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${id}`)).body['amphorae'],
    )
    const vrrp = (await admin.neutron(`/ports/${text(amphorae[0]!['vrrp_port_id'])}`)).body['port']

    expect(vip).toMatchObject({
      name: `octavia-lb-${id}`,
      device_owner: 'Octavia',
      device_id: `lb-${id}`,
      admin_state_up: false,
      status: 'DOWN',
      fixed_ips: [{ subnet_id: lb1['vip_subnet_id'], ip_address: lb1['vip_address'] }],
      allowed_address_pairs: [],
    })
    expect(vrrp).toMatchObject({
      name: `octavia-lb-vrrp-${text(amphorae[0]!['id'])}`,
      device_owner: 'compute:nova',
      device_id: amphorae[0]!['compute_id'],
      status: 'ACTIVE',
      fixed_ips: [{ ip_address: amphorae[0]!['vrrp_ip'] }],
      allowed_address_pairs: [
        { ip_address: lb1['vip_address'], mac_address: vrrp!['mac_address'] },
      ],
    })
  })

  test('answers networks and subnets of Neutron with their pages and errors', async () => {
    const networks = (await member.neutron('/networks')).body
    const subnets = (await member.neutron('/subnets?name=PUBLIC_IP_30')).body
    const page = (await member.neutron('/networks?limit=1')).body
    const missing = await member.neutron('/ports/nope')
    const wrong = await member.neutron('/networks?bogus=1')

    expect(
      list(networks['networks'])
        .map(({ name }) => text(name))
        .sort(),
    ).toEqual(['PRIVATE_NET_200', 'PUBLIC_NET_30'])
    expect(subnets['subnets']![0]).toMatchObject({
      cidr: '192.168.30.0/24',
      gateway_ip: '192.168.30.1',
      ip_version: 4,
    })
    expect(list(page['networks_links']).map(({ rel }) => text(rel))).toEqual(['next', 'previous'])
    expect(missing.status).toBe(404)
    expect(missing.body).toEqual({
      NeutronError: { type: 'PortNotFound', message: 'Port nope could not be found.', detail: '' },
    })
    expect(text(wrong.body['NeutronError']!['message'])).toBe(
      "['bogus'] is invalid attribute for filtering",
    )
  })
})
