import { describe, expect, it } from 'vitest'
import type { HttpAnswer } from '../../../../main/platform/http'
import type { Service } from '../../../../main/services/cloudApi'
import { messageOf, refusal } from '../../../../main/services/cloudErrors'

const answer = (status: number, body: unknown, headers = {}): HttpAnswer => ({
  status,
  body,
  headers,
  requestId: 'req-1',
  at: 0,
  durationMs: 0,
})

const fault = (faultstring: string) => ({ faultcode: 'Client', faultstring, debuginfo: null })

describe('refusal', () => {
  // Sentences of Octavia 11.0.0, from its own answers.
  it.each([
    [409, 'Load Balancer 72d1 is immutable and cannot be updated.', 'octavia.immutable'],
    [409, 'Invalid state PENDING_CREATE of loadbalancer resource 72d1', 'octavia.immutable'],
    [409, 'amphora 950f is immutable and cannot be updated.', 'octavia.immutable'],
    [
      409,
      'Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80',
      'octavia.duplicate',
    ],
    [409, 'This pool already has a health monitor', 'octavia.duplicate'],
    [409, 'A name of f already exists.', 'octavia.duplicate'],
    [409, 'Pool p is in use by L7 policy l', 'octavia.inUse'],
    [
      400,
      'Validation failure: Cannot delete Load Balancer 72d1 - it has children',
      'octavia.inUse',
    ],
    [
      400,
      'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.',
      'octavia.invalid',
    ],
    [403, 'Policy does not allow this request to be performed.', 'octavia.forbidden'],
    [403, 'Quota has been met for resources: Load Balancer', 'octavia.quota'],
    [404, 'Load Balancer 0000 not found.', 'octavia.notFound'],
    [500, "Provider 'p' reports error: x", 'octavia.failed'],
    [501, "Provider 'p' was not found.", 'octavia.unsupported'],
    [503, 'Project busy.  Unable to lock the project.  Please try again.', 'octavia.busy'],
    [401, 'The request you have made requires authentication.', 'keystone.tokenRefused'],
  ])('reads Octavia: %i %s', (status, words, reason) => {
    const error = refusal('load-balancer', answer(status, fault(words)))
    expect(error).toMatchObject({ reason, message: words, requestId: 'req-1' })
  })

  it.each<[Service, number, unknown, string, string]>([
    [
      'network',
      404,
      { NeutronError: { type: 'PortNotFound', message: 'Port x could not be found.', detail: '' } },
      'neutron.notFound',
      'Port x could not be found.',
    ],
    [
      'network',
      403,
      { NeutronError: { message: 'rule:x is disallowed' } },
      'neutron.forbidden',
      'rule:x is disallowed',
    ],
    ['network', 409, { NeutronError: { message: 'In use.' } }, 'neutron.failed', 'In use.'],
    [
      'compute',
      404,
      { itemNotFound: { code: 404, message: 'Instance x could not be found.' } },
      'compute.notFound',
      'Instance x could not be found.',
    ],
    [
      'load-balancer',
      404,
      { code: 404, title: 'Not Found', description: '' },
      'octavia.notFound',
      'Not Found',
    ],
    [
      'load-balancer',
      406,
      { errors: [{ status: 406, title: 'Not Acceptable', detail: 'Only JSON.' }] },
      'octavia.unsupported',
      'Only JSON.',
    ],
    [
      'load-balancer',
      502,
      '<html><title>502 Bad Gateway</title></html>',
      'service.unavailable',
      '502 Bad Gateway',
    ],
    ['load-balancer', 403, '<html><title>Blocked</title></html>', 'answer.malformed', 'Blocked'],
    ['load-balancer', 504, '', 'service.unavailable', 'HTTP 504'],
  ])('reads %s: %i %j', (service, status, body, reason, message) => {
    expect(refusal(service, answer(status, body))).toMatchObject({ reason, message })
  })
})

describe('messageOf', () => {
  it('names the target of a redirect without its tickets', () => {
    const location = 'https://login.example/start?ticket=secret'
    expect(messageOf(answer(302, '', { location }))).toBe('HTTP 302 https://login.example/start')
  })

  it('quotes no more than a paragraph', () => {
    expect(messageOf(answer(500, fault('x'.repeat(10_000))))).toHaveLength(500)
  })
})
