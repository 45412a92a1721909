import { describe, expect, it } from 'vitest'
import { SEVERITIES, type Finding } from '../../../../../preload/contract/finding'
import { diagnose } from '../../../../../main/domain/findings/diagnose'
import type { LoadBalancerFacts } from '../../../../../main/domain/findings/facts'
import { RULES } from '../../../../../main/domain/findings/rules'
import {
  because,
  fact,
  inspection,
  keepalived,
  live,
  loadBalancer,
  log,
  noOwner,
  setState,
  setUnit,
  side,
  twoOwners,
  value,
  vrrpPort,
  type Change,
} from './draft'
import { counters, healthyFacts } from './healthyFacts'
import { FIRST, NOW, SECOND } from './healthyPair'

const NAME = '(7a1f3c5294c44d6e9a1b0c5d3e7f8a10)'

function diagnosed(...changes: Change[]) {
  const facts = healthyFacts()
  for (const change of changes) change(facts)
  return diagnose(facts as LoadBalancerFacts)
}
/** What is worth an alarm. */
const alarms = (...changes: Change[]): Finding[] =>
  diagnosed(...changes).findings.filter(({ severity }) => severity !== 'info')
const names = (findings: readonly Finding[]): string[] => findings.map(({ rule }) => rule)

describe('a healthy pair', () => {
  it('has no finding above information, and nothing that is unknown', () => {
    const { unknown, findings } = diagnosed()
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['vrrp.nopreempt-cleared', 'info'],
    ])
    expect(unknown).toEqual([])
  })

  it('is judged by every rule', () => {
    const { fine, findings } = diagnosed()
    expect([...fine, ...names(findings)].sort()).toEqual(RULES.map(({ id }) => id).sort())
  })

  it.each<[string, Change]>([
    [
      'the roles have changed places',
      (facts) => {
        facts.ownership = { kind: 'one', amphoraId: SECOND, confirmed: true }
        live(facts).vips = fact([])
        live(facts, 1).vips = fact(['10.77.1.100'])
        setState(facts, 0, 'BACKUP')
        setState(facts, 1, 'MASTER')
        const sending = { first: counters({}), last: counters({ sent: 5 }), seconds: 5 }
        side(facts, 1).counters = fact(sending)
      },
    ],
    [
      'the clocks are apart by less than can be measured',
      (facts) => {
        live(facts).clock = fact({ offsetMs: 2000, errorMs: 1900 })
      },
    ],
    [
      'the VIP has just been taken over, and both were read at different moments',
      (facts) => {
        twoOwners(facts)
        facts.ownership = { kind: 'two', amphoraIds: [FIRST, SECOND], since: NOW - 500 }
        side(facts, 1).counters = because('notYet')
      },
    ],
    [
      'nobody has the VIP while the pair elects',
      (facts) => {
        for (const index of [0, 1]) {
          live(facts, index).vips = fact([])
          setState(facts, index, 'BACKUP')
        }
        facts.ownership = { kind: 'none', since: NOW - 3000 }
      },
    ],
    [
      'keepalived is being started anew',
      (facts) => {
        setUnit(facts, 1, 'keepalived', 'inactive')
        value(live(facts, 1).keepalived).since = NOW - 1000
      },
    ],
    [
      'haproxy was reloaded, and the old process still ends its connections',
      (facts) => {
        value(inspection(facts).services).push({
          role: 'haproxy',
          unit: 'haproxy-old.scope',
          load: 'not-found',
          active: 'inactive',
          sub: 'dead',
        })
      },
    ],
    [
      'it has no listener, and therefore no VIP anywhere',
      (facts) => {
        noOwner(facts)
        value(facts.detail).listeners = []
        for (const index of [0, 1]) {
          log(facts, index, 'VRRP_Script(check_script) failed (exited with status 1)')
        }
      },
    ],
    [
      'a failover replaces an amphora',
      (facts) => {
        loadBalancer(facts).provisioningStatus = 'PENDING_UPDATE'
        loadBalancer(facts).updatedAt = NOW - 60_000
        value(facts.amphorae)[1]!.status = 'PENDING_DELETE'
        keepalived(facts, /10\.77\.1\.12/, '10.77.1.99')
      },
    ],
  ])('raises no alarm when %s', (_what, change) => {
    expect(names(alarms(change))).toEqual([])
  })
})

describe('one cause', () => {
  it('is told once: two owners follow from two passwords', () => {
    const found = alarms(twoOwners, (facts) => {
      log(facts, 0, `${NAME} received an invalid passwd!`)
      for (const each of facts.sides) {
        const last = counters({ sent: 5, authenticationFailures: 5 })
        each.counters = fact({ first: counters({}), last, seconds: 5 })
      }
    })
    expect(names(found)).toEqual(['vrrp.auth-mismatch'])
    expect(found[0]).toMatchObject({
      severity: 'critical',
      symptoms: [{ rule: 'vrrp.two-owners', severity: 'critical' }],
    })
  })

  it.each<[string, Change]>([
    [
      'vrrp.router-id-mismatch',
      (facts) => keepalived(facts, /virtual_router_id 1/, 'virtual_router_id 9'),
    ],
    ['vrrp.adverts-blocked', () => undefined],
    ['vrrp.advert-interval-mismatch', (facts) => keepalived(facts, /advert_int 1/, 'advert_int 5')],
    [
      'vrrp.adverts-one-way',
      (facts) => {
        const last = counters({ sent: 5, received: 5 })
        side(facts).counters = fact({ first: counters({}), last, seconds: 5 })
      },
    ],
    [
      'neutron.security-group',
      (facts) => {
        const [group] = value(facts.network.securityGroups)
        group!.rules = group!.rules.filter(({ protocol }) => protocol !== '112')
      },
    ],
  ])('of two owners is %s', (rule, change) => {
    expect(names(alarms(twoOwners, change))[0]).toBe(rule)
    expect(names(alarms(twoOwners, change))).not.toContain('vrrp.two-owners')
  })

  it('never advises to replace the amphora that serves', () => {
    const found = alarms((facts) => {
      facts.ownership = { kind: 'one', amphoraId: SECOND, confirmed: true }
      live(facts).vips = fact([])
      live(facts, 1).vips = fact(['10.77.1.100'])
      setState(facts, 0, 'BACKUP')
      keepalived(facts, /virtual_router_id 1/, 'virtual_router_id 9')
    })
    expect(found.map(({ rule, values }) => [rule, values['weaker']])).toEqual([
      ['vrrp.router-id-mismatch', FIRST],
    ])
  })

  it('is not called drift as well while both say the same, nor while the controller changes something', () => {
    const differ: Change = (facts) => {
      const difference = {
        path: 'vrrp_instance.virtual_router_id',
        kind: 'drift',
        why: 'x',
      } as const
      value(facts.comparisons![0]!).differences.push(difference)
    }
    const edited: Change = (facts) =>
      keepalived(facts, /virtual_router_id 1/, 'virtual_router_id 9')
    expect(names(alarms(differ, edited))).toEqual(['vrrp.router-id-mismatch'])
    const changed: Change = (facts) => {
      loadBalancer(facts).updatedAt = NOW - 5000
    }
    expect(names(alarms(differ, changed))).toEqual([])
    expect(names(alarms(differ))).toEqual(['vrrp.config-drift'])
  })

  it('of two owners stays unnamed where nothing tells it', () => {
    const hide: Change = (facts) => {
      for (const each of facts.sides) each.counters = because('notSupported')
    }
    expect(names(alarms(twoOwners, hide))).toEqual(['vrrp.two-owners'])
  })

  it('of a fault is the haproxy that was stopped', () => {
    const found = alarms((facts) => {
      setUnit(facts, 0, 'haproxy', 'inactive')
      setState(facts, 0, 'FAULT')
      log(facts, 0, 'VRRP_Script(check_script) failed (exited with status 1)')
    })
    expect(names(found)).toEqual(['haproxy.stopped'])
    expect(found[0]?.symptoms?.map(({ rule }) => rule)).toEqual(['vrrp.fault-check-script'])
  })

  it('on one amphora does not hide what happens on the other', () => {
    const found = alarms((facts) => {
      setUnit(facts, 0, 'haproxy', 'inactive')
      setState(facts, 1, 'FAULT')
      log(facts, 1, 'VRRP_Script(check_script) failed (exited with status 1)')
    })
    expect(names(found)).toEqual(['haproxy.stopped', 'vrrp.fault-check-script'])
  })
})

describe('a diagnosis', () => {
  const many: Change[] = [
    (facts) => {
      vrrpPort(facts, 1).qosPolicyId = 'policy'
      vrrpPort(facts).qosPolicyId = 'policy'
      vrrpPort(facts).allowedAddresses = []
      facts.network.freeAddresses = fact(0)
    },
  ]

  it('comes worst first, and of equal ones by subject', () => {
    const found = diagnosed(...many).findings
    expect(
      found.map(({ rule, severity, subject }) => [rule, severity, subject.id.slice(0, 2)]),
    ).toEqual([
      ['neutron.address-pairs', 'critical', '3f'],
      ['neutron.subnet-full', 'high', '7a'],
      ['neutron.qos', 'medium', '3f'],
      ['neutron.qos', 'medium', 'b6'],
      ['vrrp.nopreempt-cleared', 'info', '3f'],
    ])
    const ranks = found.map(({ severity }) => SEVERITIES.indexOf(severity))
    expect(ranks).toEqual([...ranks].sort((one, other) => one - other))
  })

  it('is the same for the same facts', () => {
    expect(JSON.stringify(diagnosed(...many))).toBe(JSON.stringify(diagnosed(...many)))
  })

  it('without SSH says of every rule about the inside that it is unknown, and why', () => {
    const { findings, unknown, fine } = diagnosed((facts) => {
      for (const each of facts.sides) {
        delete each.inspection
        delete each.live
        each.lines = because('ssh.refused')
        each.counters = because('ssh.refused')
      }
      delete facts.ownership
      delete facts.comparisons
    })
    expect(findings).toEqual([])
    expect(fine).not.toContain('vrrp.two-owners')
    expect(unknown.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['vrrp.two-owners', 'haproxy.stopped', 'vrrp.auth-mismatch']),
    )
  })

  it('of a load balancer with one amphora says nothing of VRRP', () => {
    const { findings, unknown, fine } = diagnosed((facts) => {
      facts.sides.pop()
      value(facts.amphorae).pop()
      value(facts.amphorae)[0]!.role = 'STANDALONE'
    })
    const told = [...findings, ...unknown].map(({ rule }) => rule).concat(fine)
    expect(told.filter((rule) => rule.startsWith('vrrp.') || rule.startsWith('pair.'))).toEqual([])
    expect(fine).toContain('haproxy.stopped')
  })

  it('quotes no password', () => {
    const told = JSON.stringify(
      diagnosed(twoOwners, (facts) => {
        for (const file of value(inspection(facts).files)) {
          file.text = file.text.replace(/auth_pass .*/, 'auth_pass 3c9be7f')
        }
        log(facts, 0, `(x.conf: Line 14) Unknown keyword 'auth_pass 3c9be7f'`)
      }),
    )
    expect(told).not.toContain('3c9be7f')
  })
})
