import { describe, expect, it } from 'vitest'
import {
  AmphoraWire,
  HealthMonitorWire,
  ListenerWire,
  LoadBalancerWire,
  MemberWire,
  PoolWire,
} from '../../../../../main/services/octavia/objects'
import {
  AMPHORA,
  HEALTH_MONITOR,
  LISTENER,
  LOAD_BALANCER,
  MEMBER,
  POOL,
} from '../../../../support/octaviaBodies'

describe('objects of Octavia 11.0.0', () => {
  it('reads a load balancer', () => {
    expect(LoadBalancerWire.parse(LOAD_BALANCER)).toEqual({
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
    expect(ListenerWire.parse(LISTENER)).toMatchObject({
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
    expect(PoolWire.parse(POOL)).toMatchObject({
      algorithm: 'ROUND_ROBIN',
      sessionPersistence: undefined,
      listenerIds: [LISTENER.id],
      healthMonitorId: HEALTH_MONITOR.id,
      memberIds: [MEMBER.id],
      updatedAt: undefined,
    })
    expect(PoolWire.parse({ ...POOL, session_persistence: cookie }).sessionPersistence).toEqual({
      type: 'APP_COOKIE',
      cookieName: 'SID',
    })
  })

  it('reads a member and a health monitor', () => {
    expect(MemberWire.parse(MEMBER)).toMatchObject({
      address: '10.0.0.5',
      port: 8080,
      weight: 1,
      backup: false,
      subnetId: undefined,
      operatingStatus: 'NO_MONITOR',
    })
    expect(HealthMonitorWire.parse(HEALTH_MONITOR)).toMatchObject({
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
    expect(AmphoraWire.parse(AMPHORA)).toMatchObject({
      loadBalancerId: LOAD_BALANCER.id,
      managementAddress: '192.0.2.1',
      vipAddress: '198.51.100.1',
      role: 'MASTER',
      vrrpPriority: 100,
      vrrpInterface: undefined,
      certificateExpiresAt: Date.UTC(2026, 11, 22, 8, 30, 41),
    })
    const booting = { ...AMPHORA, status: 'BOOTING', role: null, lb_network_ip: null }
    expect(AmphoraWire.parse(booting)).toMatchObject({
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
    expect(LoadBalancerWire.parse({ ...queens, flavor: '', name: null })).toMatchObject({
      name: '',
      tags: [],
      additionalVips: [],
      flavorId: undefined,
    })
  })

  it('reads a listener, a member and an amphora of v2.0', () => {
    const bare = { id: 'x', provisioning_status: 'ACTIVE', operating_status: 'ONLINE' }
    expect(ListenerWire.parse({ ...bare, protocol: 'TCP', protocol_port: 1 })).toMatchObject({
      connectionLimit: -1,
      timeoutClientData: undefined,
      adminStateUp: true,
    })
    expect(MemberWire.parse({ ...bare, address: '::1', protocol_port: 1 })).toMatchObject({
      weight: 1,
      backup: false,
    })
    expect(AmphoraWire.parse({ id: 'x', status: 'READY' })).toMatchObject({ createdAt: undefined })
  })

  it('keeps statuses and fields it does not know out of the way', () => {
    const later = { ...LOAD_BALANCER, provisioning_status: 'PENDING_MOVE', vip_vnic_type: 'direct' }
    const read = LoadBalancerWire.parse(later)
    expect(read.provisioningStatus).toBe('PENDING_MOVE')
    expect(read).not.toHaveProperty('vip_vnic_type')
  })

  it.each([
    ['2026-11-22T08:30:39.250000', Date.UTC(2026, 10, 22, 8, 30, 39, 250)],
    ['2026-11-22 08:30:39', Date.UTC(2026, 10, 22, 8, 30, 39)],
    ['2026-11-22T08:30:39Z', Date.UTC(2026, 10, 22, 8, 30, 39)],
    ['2026-11-22T08:30:39+07:00', Date.UTC(2026, 10, 22, 1, 30, 39)],
  ])('reads the time %s', (text, time) => {
    expect(LoadBalancerWire.parse({ ...LOAD_BALANCER, created_at: text }).createdAt).toBe(time)
  })
})
