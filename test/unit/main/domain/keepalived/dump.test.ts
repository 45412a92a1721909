import { describe, expect, it } from 'vitest'
import { mergeDumps, parseDump } from '../../../../../main/domain/keepalived/dump'
import { capture } from '../captures'

const PASSWORD = '3c9be7f'
const name = '7a1f3c5294c44d6e9a1b0c5d3e7f8a10'
const none = {
  packetLengthErrors: 0,
  ttlErrors: 0,
  invalidTypeErrors: 0,
  advertIntervalErrors: 0,
  addressListErrors: 0,
  authInvalidType: 0,
  authTypeMismatch: 0,
  authFailure: 0,
}

describe('parseDump', () => {
  it('reads the text dump of a backup', () => {
    expect(parseDump(capture('pair/keepalived.data'))).toEqual({
      instances: [
        {
          name,
          version: 2,
          state: 'BACKUP',
          wantState: 'BACKUP',
          lastTransition: 1795337491807.092,
          basePriority: 90,
          effectivePriority: 90,
          masterPriority: 100,
          masterAddress: '10.77.1.11',
          masterDownMs: 3648.437,
          vips: ['10.77.1.100'],
          vipSet: false,
          peers: ['10.77.1.11'],
          sourceAddress: '10.77.1.12',
          interface: 'eth1',
          virtualRouterId: 1,
          advertIntervalMs: 1000,
          preempt: false,
          faults: 0,
          counters: {},
        },
      ],
    })
  })

  it('reads the counters', () => {
    expect(parseDump(capture('pair/keepalived.stats'))).toEqual({
      instances: [
        {
          name,
          vips: [],
          peers: [],
          counters: {
            advertsReceived: 497,
            advertsSent: 24,
            becameMaster: 1,
            releasedMaster: 1,
            ...none,
            priorityZeroReceived: 2,
            priorityZeroSent: 0,
          },
        },
      ],
    })
  })

  it('reads the JSON dump of a master', () => {
    expect(parseDump(capture('pair/keepalived.master.json'))).toEqual({
      instances: [
        {
          name,
          version: 2,
          state: 'MASTER',
          wantState: 'MASTER',
          lastTransition: 1795337831081.672,
          basePriority: 100,
          effectivePriority: 100,
          vips: ['10.77.1.100'],
          vipSet: true,
          peers: [],
          interface: 'eth1',
          virtualRouterId: 1,
          advertIntervalMs: 1000,
          preempt: true,
          counters: {
            advertsReceived: 4,
            advertsSent: 645,
            becameMaster: 2,
            releasedMaster: 1,
            ...none,
            priorityZeroReceived: 0,
            priorityZeroSent: 1,
          },
        },
      ],
    })
  })

  it('reads both text files one behind the other like each alone', () => {
    const data = capture('pair/keepalived.data')
    const stats = capture('pair/keepalived.stats')
    expect(parseDump(data + stats)).toEqual(mergeDumps(parseDump(data), parseDump(stats)))
  })

  it('reads version 2 of the JSON like version 1', () => {
    const json = capture('pair/keepalived.backup.json')
    expect(parseDump(`{"vrrp":${json},"track_script":[]}`)).toEqual(parseDump(json))
  })

  it('never carries the password', () => {
    const dumps = ['keepalived.data', 'keepalived.master.json', 'keepalived.backup.json'].map(
      (file) => capture(`pair/${file}`),
    )
    expect(dumps.every((dump) => dump.includes(PASSWORD))).toBe(true)
    expect(JSON.stringify(dumps.map(parseDump))).not.toContain(PASSWORD)
  })

  it('reads what releases before 2.0.11 write', () => {
    const old = [
      '------< VRRP Topology >------',
      ' VRRP Instance = VI_1',
      '   Using VRRPv2',
      '   Want State = MASTER',
      '   Runing on device = eth1',
      '   Virtual Router ID = 51',
      '   Priority = 100',
      '   Advert interval = 1sec',
      '   Preempt = disabled',
      '   Authentication type = SIMPLE_PASSWORD',
      `   Password = ${PASSWORD}`,
      '   Virtual IP = 2',
      '     10.0.0.9/32 dev eth1 scope global',
      '     2001:db8::9/128 dev eth1 scope global',
      '   Unicast Peer = 1',
      '     10.0.0.2',
      '------< VRRP Scripts >------',
      ' VRRP Script = check_script',
      '   State = idle',
    ].join('\n')
    expect(parseDump(old).instances).toEqual([
      {
        name: 'VI_1',
        wantState: 'MASTER',
        interface: 'eth1',
        virtualRouterId: 51,
        basePriority: 100,
        advertIntervalMs: 1000,
        preempt: false,
        vips: ['10.0.0.9', '2001:db8::9'],
        peers: ['10.0.0.2'],
        counters: {},
      },
    ])
  })

  it('keeps what it does not know absent, when the text is cut', () => {
    const dump = capture('pair/keepalived.data')
    const cut = dump.slice(0, dump.indexOf('   Last transition'))
    expect(parseDump(cut).instances[0]).toEqual({
      name,
      version: 2,
      state: 'BACKUP',
      wantState: 'BACKUP',
      masterAddress: '10.77.1.11',
      masterPriority: 100,
      faults: 0,
      vips: [],
      peers: [],
      counters: {},
    })
  })

  it.each(['', 'no such file', '------< Global definitions >------\n'])(
    'finds nothing in %j',
    (text) => {
      expect(parseDump(text)).toEqual({ instances: [] })
    },
  )

  it.each([capture('pair/keepalived.master.json').slice(0, -40), '{"vrrp":1}', '{}'])(
    'refuses a JSON dump that is cut, and quotes nothing of it',
    (json) => {
      expect(() => parseDump(json)).toThrow(
        expect.objectContaining({
          reason: 'answer.malformed',
          message: expect.not.stringContaining(PASSWORD) as string,
        }),
      )
    },
  )
})
