import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shellLine } from '../../main/platform/ssh/shellLine'
import { followed } from '../../main/services/followed'
import { list, signIn, text } from './api'
import type { Shell } from './shell'
import type { Target } from './target'
import { TARGETS } from './targets'

const UNIT = 'octavia-keepalived.service'
/** What the console follows, each in words that nobody else uses at the same time. */
const MONITOR = ['ip', '-o', '-n', 'amphora-haproxy', '-ts', '-o', 'monitor', 'address']
const JOURNAL = ['journalctl', '--follow', `--unit=${UNIT}`, '--lines=3', '--output=json']
const TAIL = ['tail', '--follow=name', '--retry', '--lines=3', '/var/log/syslog']

describe.each(TARGETS)('A command that is followed on an amphora of the $name', ({ open }) => {
  let target: Target
  let address: string
  let onlooker: Shell

  beforeAll(async () => {
    target = await open()
    const admin = await signIn(target, target.admin)
    const found = await admin.octavia('GET', '/v2.0/octavia/amphorae?role=MASTER')
    address = text(list(found.body['amphorae'])[0]!['lb_network_ip'])
    onlooker = await target.connect(address)
  }, 60_000)
  afterAll(async () => {
    onlooker.close()
    await target.close()
  })

  const running = async (argv: readonly string[]) =>
    (await onlooker.run(shellLine({ argv: ['pgrep', '-f', argv.join(' ')], sudo: false }))).stdout

  test.each([
    { argv: MONITOR, sudo: true },
    { argv: JOURNAL, sudo: true },
    { argv: JOURNAL, sudo: false },
    { argv: TAIL, sudo: true },
    { argv: TAIL, sudo: false },
  ])('is gone once its connection is: $argv.0, with sudo: $sudo', async ({ argv, sudo }) => {
    const client = await target.connect(address)
    const stream = await client.follow(shellLine({ argv: followed(argv), sudo }))
    await expect.poll(() => running(argv), { timeout: 10_000 }).not.toBe('')
    if (argv !== MONITOR) await stream.until(/./)

    client.kill()
    await expect.poll(() => running(argv), { timeout: 5000 }).toBe('')
  })

  test('ends with its channel, too, while the connection goes on', async () => {
    const client = await target.connect(address)
    const stream = await client.follow(shellLine({ argv: followed(MONITOR), sudo: true }))
    await expect.poll(() => running(MONITOR), { timeout: 10_000 }).not.toBe('')
    stream.stop()
    await expect.poll(() => running(MONITOR), { timeout: 5000 }).toBe('')
    expect((await client.run('true')).exit).toBe(0)
    client.close()
  })

  test('ends with its input', async () => {
    const stream = await onlooker.follow(shellLine({ argv: followed(MONITOR), sudo: true }))
    await expect.poll(() => running(MONITOR), { timeout: 10_000 }).not.toBe('')
    expect(await stream.endInput()).toBe(143)
    expect(await running(MONITOR)).toBe('')
  })

  test.each([
    [
      ['ip', '-n', 'nope', 'monitor', 'address'],
      { exit: 255, stderr: 'Cannot open network namespace "nope": No such file or directory\n' },
    ],
    [['nope'], { exit: 127, stderr: 'sh: 1: nope: not found\n' }],
    [['false'], { exit: 1, stderr: '' }],
    [['true'], { exit: 0, stderr: '' }],
  ])('answers how it ended: %j', async (argv, end) => {
    const line = shellLine({ argv: followed(argv), sudo: true })
    expect(await onlooker.run(line)).toEqual({ ...end, stdout: '' })
  })
})
