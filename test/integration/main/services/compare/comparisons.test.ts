import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../../../../preload/contract/error'
import type { AmphoraFacts, ConfigFile } from '../../../../../preload/contract/inspect'
import { redact } from '../../../../../main/domain/redact'
import { Comparisons } from '../../../../../main/services/compare/comparisons'
import { SeenFiles } from '../../../../../main/services/compare/seenFiles'
import { unreadFacts } from '../../../../../main/services/inspect/unreadFacts'
import { capture } from '../../../../unit/main/domain/captures'
import { capturedDetail } from '../../../../unit/main/domain/compare/capturedDetail'
import { datagramDetail } from '../../../../unit/main/domain/compare/datagramDetail'

const PAIR = [
  { id: 'amp1', role: 'MASTER', vrrpAddress: '10.77.1.11', vrrpPriority: 100 },
  { id: 'amp2', role: 'BACKUP', vrrpAddress: '10.77.1.12', vrrpPriority: 90 },
].map((one) => ({ ...one, status: 'ALLOCATED', vrrpId: 1, vrrpInterface: 'eth1' }))

const KEEPALIVED = '/var/lib/octavia/vrrp/octavia-keepalived.conf'
let folder = ''
let texts: Record<string, Record<string, string>> = {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-'))
  const kind = 'configurations/http-tls-l7-prom'
  texts = Object.fromEntries(
    (
      [
        ['amp1', 'MASTER'],
        ['amp2', 'BACKUP'],
      ] as const
    ).map(([name, role]) => [
      name,
      {
        [KEEPALIVED]: capture(`${kind}/octavia-keepalived.${name}.${role}.conf`),
        '/var/lib/octavia/7a1f/haproxy.cfg': capture(`${kind}/haproxy.${name}.cfg`),
        '/etc/octavia/amphora-agent.conf': capture(
          `configurations/live/${name}.amphora-agent.conf`,
        ),
      },
    ]),
  )
})
afterEach(() => rm(folder, { recursive: true }))

const KINDS = {
  'keepalived.conf': 'keepalived',
  'haproxy.cfg': 'haproxy',
  'abcd.conf': 'lvs',
} as const

function inspected(id: string): AmphoraFacts {
  const value = Object.entries(texts[id] ?? {}).map(([path, text]): ConfigFile => {
    const found = Object.entries(KINDS).find(([end]) => path.endsWith(end))
    const password = /auth_pass (\S+)/.exec(text)?.[1]
    return {
      ...{ path, kind: found?.[1] ?? 'agent', text: redact(text).text, digest: text, redacted: [] },
      ...(password !== undefined && {
        secretTokens: { auth_pass: `token ${password.length}${password[0]}` },
      }),
    }
  })
  return { ...unreadFacts(id, [], 'notYet', 1), files: { value, at: 5, evidence: `e-${id}` } }
}

const comparisons = (refuse?: AppError, detail = capturedDetail) =>
  new Comparisons({
    loadBalancers: { read: () => Promise.resolve(detail()) },
    amphorae: {
      list: () => (refuse ? Promise.reject(refuse) : Promise.resolve({ amphorae: PAIR, at: 1 })),
    },
    inspection: { read: (_cloud, _id, amphoraId) => Promise.resolve(inspected(amphoraId)) },
    layer7: () => Promise.resolve(undefined),
    seen: new SeenFiles((name) => join(folder, name)),
    report: (error) => {
      throw error
    },
  })
const read = async (from = comparisons()) => from.read('demo', 'lb', new AbortController().signal)
const drift = async () =>
  (await read()).flatMap((fact) =>
    'value' in fact
      ? fact.value.differences
          .filter(({ kind }) => kind === 'drift')
          .map(({ why }) => [fact.what, fact.amphoraId, why].filter(Boolean).join(' '))
      : [],
  )

it('compares all there is, and finds nothing wrong with a healthy pair', async () => {
  const facts = await read()
  expect(facts.map(({ what, amphoraId }) => [what, amphoraId].filter(Boolean).join(' '))).toEqual([
    ...['keepalived', 'haproxy', 'agent', 'versions'],
    ...['keepalivedApi amp1', 'haproxyApi amp1', 'keepalivedApi amp2', 'haproxyApi amp2'],
    ...['before amp1', 'before amp1', 'before amp1'],
    ...['before amp2', 'before amp2', 'before amp2'],
  ])
  expect(await drift()).toEqual([])
})

it('finds another password by its token, and what the API says otherwise', async () => {
  const file = texts['amp2']!
  file[KEEPALIVED] = file[KEEPALIVED]!.replace('3c9be7f', '9999999').replace(
    'priority 90',
    'priority 80',
  )
  expect(await drift()).toEqual([
    'keepalived priority',
    'keepalived authentication',
    'keepalivedApi amp2 priority',
  ])
})

it('compares what UDP and SCTP are balanced by, one file for each listener', async () => {
  for (const name of ['amp1', 'amp2'])
    texts[name] = {
      '/var/lib/octavia/lvs/octavia-keepalivedlvs-ab12abcd.conf': capture(
        'configurations/lvs/udp-both-families.conf',
      ),
      '/var/lib/octavia/lvs/octavia-keepalivedlvs-cd34abcd.conf': capture(
        'configurations/lvs/sctp.conf',
      ),
    }
  const datagrams = async () =>
    (await read(comparisons(undefined, datagramDetail))).flatMap((fact) =>
      fact.what.startsWith('lvs') && 'value' in fact
        ? [[fact.what, fact.amphoraId, ...fact.value.differences.map(({ why }) => why)]]
        : [],
    )
  expect(await datagrams()).toEqual([
    ['lvs', undefined],
    ['lvsApi', 'amp1'],
    ['lvsApi', 'amp2'],
  ])
  const file = texts['amp2']!
  const [path = ''] = Object.keys(file)
  file[path] = file[path]!.replace('weight 1', 'weight 5')
  expect(await datagrams()).toEqual([
    ['lvs', undefined, 'memberSetting'],
    ['lvsApi', 'amp1'],
    ['lvsApi', 'amp2', 'weight'],
  ])
  texts['amp2'] = Object.fromEntries(Object.entries(file).slice(1))
  expect(await datagrams()).toContainEqual(['lvsApi', 'amp2', 'listenerNotServed'])
})

it('tells what changed since the console last looked, also after a restart, and keeps no secret', async () => {
  await read()
  const file = texts['amp1']!
  file[KEEPALIVED] = file[KEEPALIVED]!.replace('advert_int 1', 'advert_int 3')
  expect(await drift()).toContain('before amp1 changed')
  expect(await drift()).toContain('before amp1 changed')
  const kept = await readFile(join(folder, 'amp1.json'), 'utf8')
  expect(kept).toContain('advert_int 3')
  const { now } = (JSON.parse(kept) as Record<string, { now: { text: string } }>)[KEEPALIVED]!
  expect(now.text).not.toContain('3c9be7f')
})

it('says of everything why it is not known when the amphorae may not be listed', async () => {
  const facts = await read(comparisons(AppError.because('octavia.forbidden', 'no')))
  expect(facts).toHaveLength(6)
  for (const fact of facts) expect(fact).toMatchObject({ unknown: 'octavia.forbidden' })
})
