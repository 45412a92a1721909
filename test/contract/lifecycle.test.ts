import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { list, signIn, text, type Answer, type Api, type Json } from './api'
import type { Target } from './target'
import { report, TARGETS } from './targets'

const MINUTES = 60_000

describe.each(TARGETS)('A load balancer in the $name', ({ name, open }) => {
  let target: Target
  let member: Api
  let admin: Api
  const own = `contract-${Date.now().toString(36)}`

  beforeAll(async () => {
    target = await open()
    member = await signIn(target, target.member)
    admin = await signIn(target, target.admin)
  }, 60_000)
  afterAll(async () => {
    await removeLeftovers(member)
    await target.close()
  })

  const read = async (path: string, key: string): Promise<Json> =>
    (await member.octavia('GET', path)).body[key]!

  /** Every state the load balancer shows until it is at rest. */
  const settle = async (id: string): Promise<string[]> => {
    const seen: string[] = []
    const end = Date.now() + 3 * MINUTES
    while (Date.now() < end) {
      const answer = await member.octavia('GET', `/v2.0/lbaas/loadbalancers/${id}`)
      const state =
        answer.status === 404 ? 'gone' : text(answer.body['loadbalancer']!['provisioning_status'])
      if (seen.at(-1) !== state) seen.push(state)
      if (!state.startsWith('PENDING')) return seen
      await new Promise((wake) => setTimeout(wake, 200 / target.speed))
    }
    throw new Error(`Still ${seen.join(', ')}`)
  }

  const fault = (answer: Answer) => [answer.status, text(answer.body['faultstring'])]

  test(
    'is built, changed and deleted with everything below it',
    { timeout: 8 * MINUTES },
    async () => {
      const lb1 = (await read('/v2.0/lbaas/loadbalancers?name=lb1', 'loadbalancers'))[0]!
      const create = await member.octavia('POST', '/v2.0/lbaas/loadbalancers', {
        loadbalancer: { name: own, vip_subnet_id: lb1['vip_subnet_id'], tags: ['b', 'a'] },
      })
      const began = Date.now()
      const made = create.body['loadbalancer']!
      const id = text(made['id'])
      const path = `/v2.0/lbaas/loadbalancers/${id}`
      expect(create.status).toBe(201)
      expect(Object.keys(made).slice(0, 3)).toEqual(['listeners', 'pools', 'id'])
      expect(made).toMatchObject({
        name: own,
        provisioning_status: 'PENDING_CREATE',
        operating_status: 'OFFLINE',
        listeners: [],
        pools: [],
        tags: ['a', 'b'],
        updated_at: null,
      })

      const tooEarly = await member.octavia('POST', '/v2.0/lbaas/listeners', {
        listener: { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 80 },
      })
      expect(fault(tooEarly)).toEqual([
        409,
        `Load Balancer ${id} is immutable and cannot be updated.`,
      ])
      expect(fault(await member.octavia('DELETE', path))).toEqual([
        409,
        `Invalid state PENDING_CREATE of loadbalancer resource ${id}`,
      ])
      expect(await settle(id)).toEqual(['PENDING_CREATE', 'ACTIVE'])
      report(name, 'load balancer built', Date.now() - began)

      const amphorae = await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${id}`)
      expect(
        list(amphorae.body['amphorae'])
          .map((each) => [text(each['role']), text(each['status']), each['vrrp_interface']])
          .sort(),
      ).toEqual([
        ['BACKUP', 'ALLOCATED', 'eth1'],
        ['MASTER', 'ALLOCATED', 'eth1'],
      ])

      const listener = await member.octavia('POST', '/v2.0/lbaas/listeners', {
        listener: { name: 'web', loadbalancer_id: id, protocol: 'HTTP', protocol_port: 80 },
      })
      const changed = Date.now()
      const listenerId = text(listener.body['listener']!['id'])
      expect(listener.status).toBe(201)
      expect(listener.body['listener']).toMatchObject({
        provisioning_status: 'PENDING_CREATE',
        operating_status: 'OFFLINE',
        default_pool_id: null,
      })
      expect(fault(await member.octavia('PUT', path, { loadbalancer: { name: 'x' } }))).toEqual([
        409,
        `Invalid state PENDING_UPDATE of loadbalancer resource ${id}`,
      ])
      expect(await settle(id)).toEqual(['PENDING_UPDATE', 'ACTIVE'])
      report(name, 'listener made', Date.now() - changed)

      const pool = await member.octavia('POST', '/v2.0/lbaas/pools', {
        pool: {
          name: 'pool',
          listener_id: listenerId,
          protocol: 'HTTP',
          lb_algorithm: 'ROUND_ROBIN',
        },
      })
      const poolId = text(pool.body['pool']!['id'])
      expect(pool.status).toBe(201)
      expect(pool.body['pool']).not.toHaveProperty('healthmonitor_id')
      expect(await read(`/v2.0/lbaas/listeners/${listenerId}`, 'listener')).toMatchObject({
        default_pool_id: poolId,
        provisioning_status: 'PENDING_UPDATE',
      })
      expect(await settle(id)).toEqual(['PENDING_UPDATE', 'ACTIVE'])

      const monitor = {
        healthmonitor: { pool_id: poolId, type: 'HTTP', delay: 5, timeout: 3, max_retries: 3 },
      }
      const made_ = await member.octavia('POST', '/v2.0/lbaas/healthmonitors', monitor)
      expect(made_.status).toBe(201)
      expect(made_.body['healthmonitor']).toMatchObject({
        max_retries_down: 3,
        http_method: 'GET',
        url_path: '/',
        expected_codes: '200',
        operating_status: 'OFFLINE',
      })
      expect(fault(await member.octavia('POST', '/v2.0/lbaas/healthmonitors', monitor))).toEqual([
        409,
        `Pool ${poolId} is immutable and cannot be updated.`,
      ])
      await settle(id)

      const members = `/v2.0/lbaas/pools/${poolId}/members`
      const web1 = { name: 'web1', address: '192.168.220.6', protocol_port: 80 }
      const web2 = { name: 'web2', address: '192.168.220.26', protocol_port: 80, weight: 2 }
      const batch = await member.octavia('PUT', members, { members: [web1, web2] })
      expect([batch.status, batch.text]).toEqual([202, ''])
      await settle(id)
      expect(
        list(await read(members, 'members'))
          .map((each) => [text(each['name']), each['weight']])
          .sort(),
      ).toEqual([
        ['web1', 1],
        ['web2', 2],
      ])
      await member.octavia('PUT', members, { members: [web1] })
      await settle(id)
      expect(list(await read(members, 'members')).map((each) => text(each['name']))).toEqual([
        'web1',
      ])

      const one = await member.octavia('POST', members, { member: { ...web2, weight: 1 } })
      const memberId = text(one.body['member']!['id'])
      expect(one.body['member']).toMatchObject({ operating_status: 'OFFLINE', subnet_id: null })
      await settle(id)
      const drained = await member.octavia('PUT', `${members}/${memberId}`, {
        member: { weight: 0 },
      })
      expect([drained.status, drained.body['member']!['weight']]).toEqual([200, 0])
      await settle(id)
      expect((await member.octavia('DELETE', `${members}/${memberId}`)).status).toBe(204)
      await settle(id)

      const tree = (await member.octavia('GET', `${path}/status`)).body['statuses']![
        'loadbalancer'
      ]!
      expect(tree['listeners']![0]!['pools']![0]!['members']).toHaveLength(1)

      expect(fault(await member.octavia('DELETE', path))).toEqual([
        400,
        `Validation failure: Cannot delete Load Balancer ${id} - it has children`,
      ])
      const deleted = await member.octavia('DELETE', `${path}?cascade=true`)
      const leaving = Date.now()
      expect([deleted.status, deleted.text]).toEqual([204, ''])
      expect(await settle(id)).toEqual(['PENDING_DELETE', 'gone'])
      report(name, 'deleted with everything below', Date.now() - leaving)

      const after = await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${id}`)
      expect(after.body['amphorae']).toEqual([])
      expect((await member.octavia('GET', `/v2.0/lbaas/pools/${poolId}`)).status).toBe(404)
      expect((await member.neutron(`/ports/${text(made['vip_port_id'])}`)).status).toBe(404)
    },
  )
})

async function removeLeftovers(member: Api): Promise<void> {
  const all = list((await member.octavia('GET', '/v2.0/lbaas/loadbalancers')).body['loadbalancers'])
  for (const each of all.filter(({ name }) => text(name).startsWith('contract-'))) {
    await member.octavia('DELETE', `/v2.0/lbaas/loadbalancers/${text(each['id'])}?cascade=true`)
  }
}
