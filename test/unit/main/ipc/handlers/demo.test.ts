import { expect, it } from 'vitest'
import type { DemoFault } from '../../../../../preload/contract/app'
import { AppError } from '../../../../../preload/contract/error'
import { demoHandlers } from '../../../../../main/ipc/handlers/demo'
import { ListedAudit } from '../../../../support/openClouds'

const state = { loadBalancers: [{ id: 'lb-1', name: 'shop', faults: [] }] }

function bench(set: (id: string, fault: DemoFault, on: boolean) => void) {
  const audit = new ListedAudit()
  const follow = async function* () {
    await Promise.resolve()
    yield state
  }
  return { audit, handlers: demoHandlers({ cloud: 'demo', list: () => state, follow, set }, audit) }
}

it('puts a fault on the record before it is made', async () => {
  const made: unknown[] = []
  const { audit, handlers } = bench((...fault) => made.push([...fault, audit.entries.length]))
  const fault = { loadBalancerId: 'lb-1', fault: 'vrrp-block' as const }
  await handlers['demo.fault']({ ...fault, on: true })
  await handlers['demo.fault']({ ...fault, on: false })
  expect(made).toEqual([
    ['lb-1', 'vrrp-block', true, 1],
    ['lb-1', 'vrrp-block', false, 2],
  ])
  const object = { kind: 'loadBalancer', id: 'lb-1', name: 'shop' }
  expect(audit.entries).toEqual([
    { cloud: 'demo', action: 'demo.fault', object, notes: ['vrrp-block: on'], result: 'ok' },
    { cloud: 'demo', action: 'demo.fault', object, notes: ['vrrp-block: off'], result: 'ok' },
  ])
})

it('keeps a fault that could not be made', async () => {
  const { audit, handlers } = bench(() => {
    throw new AppError('conflict', 'This load balancer has no member.')
  })
  const input = { loadBalancerId: 'lb-1', fault: 'member-down' as const, on: true }
  await expect(handlers['demo.fault'](input)).rejects.toMatchObject({ code: 'conflict' })
  expect(audit.entries).toMatchObject([{ action: 'demo.fault', result: 'refused' }])
})
