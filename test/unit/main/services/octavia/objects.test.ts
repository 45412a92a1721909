import { describe, expect, it } from 'vitest'
import { wireOf, WrongField, type Wire } from '../../../../../main/services/octavia/fields'
import {
  amphoraOf,
  healthMonitorOf,
  listenerOf,
  loadBalancerOf,
  memberOf,
  poolOf,
} from '../../../../../main/services/octavia/objects'
import {
  AMPHORA,
  HEALTH_MONITOR,
  LISTENER,
  LOAD_BALANCER,
  MEMBER,
  POOL,
} from '../../../../support/octaviaBodies'

const read = <T>(of: (wire: Wire) => T, body: object): T => of(wireOf(body))

describe('objects of Octavia 11.0.0', () => {
  it('reads a load balancer', () => {
    expect(read(loadBalancerOf, LOAD_BALANCER)).toEqual({
      id: LOAD_BALANCER.id,
      name: 'lb1',
      description: '',
      provisioningStatus: 'ACTIVE',
      operatingStatus: 'OFFLINE',
      adminStateUp: true,
      createdAt: Date.UTC(2026, 10, 22, 8, 30, 39),
      updatedAt: Date.UTC(2026, 10, 22, 8, 30, 42),
      tags: ['a', 'b'],
      projectId: '11111111111111111111111111111111',
      vipAddress: '198.51.100.1',
      vipPortId: LOAD_BALANCER.vip_port_id,
      vipSubnetId: LOAD_BALANCER.vip_subnet_id,
      vipNetworkId: LOAD_BALANCER.vip_network_id,
      additionalVips: [],
      provider: 'amphora',
      listenerIds: [LISTENER.id],
      poolIds: [POOL.id],
    })
  })

  it('reads a listener', () => {
    expect(read(listenerOf, LISTENER)).toMatchObject({
      protocol: 'HTTP',
      port: 80,
      connectionLimit: -1,
      defaultPoolId: POOL.id,
      l7PolicyIds: ['b998d6cd-0000-4000-8000-000000000000'],
      allowedCidrs: [],
      timeoutClientData: 50000,
    })
  })

  it('reads a pool, and its session persistence where it has one', () => {
    const cookie = { type: 'APP_COOKIE', cookie_name: 'SID', persistence_timeout: null }
    expect(read(poolOf, POOL)).toMatchObject({
      algorithm: 'ROUND_ROBIN',
      sessionPersistence: undefined,
      listenerIds: [LISTENER.id],
      healthMonitorId: HEALTH_MONITOR.id,
      memberIds: [MEMBER.id],
      updatedAt: undefined,
    })
    expect(read(poolOf, { ...POOL, session_persistence: cookie }).sessionPersistence).toEqual({
      type: 'APP_COOKIE',
      cookieName: 'SID',
    })
  })

  it('reads how long and by which netmask sessions of UDP are kept', () => {
    const persistence = {
      type: 'SOURCE_IP',
      cookie_name: null,
      persistence_timeout: 60,
      persistence_granularity: '255.255.255.0',
    }
    expect(read(poolOf, { ...POOL, session_persistence: persistence })).toMatchObject({
      sessionPersistence: { type: 'SOURCE_IP', timeout: 60, granularity: '255.255.255.0' },
    })
  })

  it('reads how traffic is encrypted on either side', () => {
    const listener = {
      client_authentication: 'MANDATORY',
      client_ca_tls_container_ref: 'ca',
      client_crl_container_ref: 'crl',
      hsts_max_age: 31_536_000,
      hsts_include_subdomains: true,
      hsts_preload: false,
    }
    expect(read(listenerOf, { ...LISTENER, ...listener })).toMatchObject({
      clientAuthentication: 'MANDATORY',
      clientCaTlsContainerRef: 'ca',
      clientCrlContainerRef: 'crl',
      hstsMaxAge: 31_536_000,
      hstsIncludeSubdomains: true,
      hstsPreload: false,
    })
    const pool = {
      tls_enabled: true,
      tls_container_ref: 'crt',
      ca_tls_container_ref: 'ca',
      crl_container_ref: 'crl',
      tls_ciphers: 'AES',
      tls_versions: ['TLSv1.3'],
      alpn_protocols: ['h2'],
    }
    expect(read(poolOf, { ...POOL, ...pool })).toMatchObject({
      tlsEnabled: true,
      tlsContainerRef: 'crt',
      caTlsContainerRef: 'ca',
      crlContainerRef: 'crl',
      tlsCiphers: 'AES',
      tlsVersions: ['TLSv1.3'],
      alpnProtocols: ['h2'],
    })
    expect(read(poolOf, POOL)).toMatchObject({ tlsEnabled: false, caTlsContainerRef: undefined })
  })

  it('reads a member and a health monitor', () => {
    expect(read(memberOf, MEMBER)).toMatchObject({
      address: '10.0.0.5',
      port: 8080,
      weight: 1,
      backup: false,
      subnetId: undefined,
      operatingStatus: 'NO_MONITOR',
    })
    expect(read(healthMonitorOf, HEALTH_MONITOR)).toMatchObject({
      type: 'HTTP',
      delay: 5,
      timeout: 3,
      maxRetries: 2,
      maxRetriesDown: 3,
      httpMethod: 'GET',
      urlPath: '/',
      expectedCodes: '200',
    })
  })

  it('reads an amphora, also one that is still being built', () => {
    expect(read(amphoraOf, AMPHORA)).toMatchObject({
      loadBalancerId: LOAD_BALANCER.id,
      managementAddress: '192.0.2.1',
      vipAddress: '198.51.100.1',
      role: 'MASTER',
      vrrpPriority: 100,
      vrrpInterface: undefined,
      certificateExpiresAt: Date.UTC(2026, 11, 22, 8, 30, 41),
    })
    const booting = { ...AMPHORA, status: 'BOOTING', role: null, lb_network_ip: null }
    expect(read(amphoraOf, booting)).toMatchObject({
      role: undefined,
      managementAddress: undefined,
    })
  })
})

describe('objects of other releases', () => {
  it('reads a load balancer of Queens, which knows no tags, VIPs or zones', () => {
    const { tags, additional_vips, availability_zone, flavor_id, tenant_id, ...queens } =
      LOAD_BALANCER
    expect([tags, additional_vips, availability_zone, flavor_id, tenant_id]).toHaveLength(5)
    expect(read(loadBalancerOf, { ...queens, flavor: '', name: null })).toMatchObject({
      name: '',
      tags: [],
      additionalVips: [],
      flavorId: undefined,
    })
  })

  it('reads a listener, a member and an amphora of v2.0', () => {
    const bare = { id: 'x', provisioning_status: 'ACTIVE', operating_status: 'ONLINE' }
    expect(read(listenerOf, { ...bare, protocol: 'TCP', protocol_port: 1 })).toMatchObject({
      connectionLimit: -1,
      timeoutClientData: undefined,
      adminStateUp: true,
    })
    expect(read(memberOf, { ...bare, address: '::1', protocol_port: 1 })).toMatchObject({
      weight: 1,
      backup: false,
    })
    expect(read(amphoraOf, { id: 'x', status: 'READY' })).toMatchObject({ createdAt: undefined })
  })

  it('keeps statuses and fields it does not know out of the way', () => {
    const later = { ...LOAD_BALANCER, provisioning_status: 'PENDING_MOVE', vip_vnic_type: 'direct' }
    const found = read(loadBalancerOf, later)
    expect(found.provisioningStatus).toBe('PENDING_MOVE')
    expect(found).not.toHaveProperty('vip_vnic_type')
  })

  it.each([
    ['2026-11-22T08:30:39.250000', Date.UTC(2026, 10, 22, 8, 30, 39, 250)],
    ['2026-11-22 08:30:39', Date.UTC(2026, 10, 22, 8, 30, 39)],
    ['2026-11-22T08:30:39Z', Date.UTC(2026, 10, 22, 8, 30, 39)],
    ['2026-11-22T08:30:39+07:00', Date.UTC(2026, 10, 22, 1, 30, 39)],
  ])('reads the time %s', (text, time) => {
    expect(read(loadBalancerOf, { ...LOAD_BALANCER, created_at: text }).createdAt).toBe(time)
  })
})

describe('objects that are malformed', () => {
  const COMMON = ['id', 'name', 'provisioning_status', 'operating_status', 'admin_state_up']
  const SINCE = ['created_at', 'updated_at', 'tags']
  const KINDS: [string, (wire: Wire) => unknown, object, string[]][] = [
    [
      'load balancer',
      loadBalancerOf,
      LOAD_BALANCER,
      [
        ...[...COMMON, ...SINCE, 'description', 'project_id', 'tenant_id', 'vip_address'],
        ...['vip_port_id', 'vip_subnet_id', 'vip_network_id', 'additional_vips'],
        ...['vip_qos_policy_id', 'provider', 'flavor_id', 'flavor', 'availability_zone'],
        ...['listeners', 'pools'],
      ],
    ],
    [
      'listener',
      listenerOf,
      LISTENER,
      [
        ...[...COMMON, ...SINCE, 'description', 'protocol', 'protocol_port', 'connection_limit'],
        ...['default_pool_id', 'l7policies', 'allowed_cidrs', 'timeout_client_data'],
        ...['timeout_member_connect', 'timeout_member_data'],
      ],
    ],
    [
      'pool',
      poolOf,
      POOL,
      [
        ...[...COMMON, ...SINCE, 'description', 'protocol', 'lb_algorithm'],
        ...['session_persistence', 'listeners', 'healthmonitor_id', 'members'],
      ],
    ],
    [
      'member',
      memberOf,
      MEMBER,
      [
        ...[...COMMON, ...SINCE, 'address', 'protocol_port', 'weight', 'backup'],
        ...['subnet_id', 'monitor_address', 'monitor_port'],
      ],
    ],
    [
      'health monitor',
      healthMonitorOf,
      HEALTH_MONITOR,
      [
        ...[...COMMON, ...SINCE, 'type', 'delay', 'timeout', 'max_retries', 'max_retries_down'],
        ...['http_method', 'url_path', 'expected_codes'],
      ],
    ],
    [
      'amphora',
      amphoraOf,
      AMPHORA,
      [
        ...['id', 'loadbalancer_id', 'compute_id', 'lb_network_ip', 'vrrp_ip', 'ha_ip'],
        ...['vrrp_port_id', 'ha_port_id', 'role', 'status', 'vrrp_interface', 'vrrp_id'],
        ...['vrrp_priority', 'cert_expiration', 'image_id', 'compute_flavor', 'cached_zone'],
        ...['created_at', 'updated_at'],
      ],
    ],
  ]

  it.each(KINDS)('%s: each field is refused by its name', (_kind, of, body, names) => {
    const refused = names.filter((name) => {
      try {
        of(wireOf({ ...body, [name]: { unexpected: true } }))
        return false
      } catch (error) {
        return error instanceof WrongField && error.path[0] === name
      }
    })
    expect(refused).toEqual(names)
  })

  it.each([
    ['id', ''],
    ['vip_port_id', ''],
    ['listeners', [{ id: '' }]],
    ['listeners', [{}]],
    ['pools', ['a']],
    ['tags', [1]],
    ['additional_vips', [null]],
    ['additional_vips', [{ ip_address: 1 }]],
    ['created_at', '2026-13-22T08:30:39'],
  ])('refuses %s %j', (name, value) => {
    expect(() => read(loadBalancerOf, { ...LOAD_BALANCER, [name]: value })).toThrow(WrongField)
  })

  it.each([1.5, 1e20, '80', null])('refuses the port %j', (value) => {
    expect(() => read(listenerOf, { ...LISTENER, protocol_port: value })).toThrow(WrongField)
  })
})
