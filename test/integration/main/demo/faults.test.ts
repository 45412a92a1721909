import { test, type TestContext } from 'vitest'
import type { DemoFault } from '../../../../preload/contract/app'
import { startDemo, type Demo } from '../../../../main/demo/startDemo'
import { Shell } from '../../../contract/shell'
import { signIn, list, text } from '../../../contract/api'

const LIMIT = 40_000
interface Side {
  id: string
  address: string
  shell: Shell
}

/** A cloud of its own for each test: they wait for real timers, so they run side by side. */
async function stage({
  onTestFinished,
}: TestContext): Promise<{ demo: Demo; id: string; jump: Shell; owner: Side; peer: Side }> {
  const demo = await startDemo()
  onTestFinished(() => demo.close())
  const { jump: way, amphoraUser, privateKey } = demo.ssh
  const jump = await Shell.open({ host: way.host, port: way.port, username: way.user, privateKey })
  const admin = await signIn(
    { authUrl: demo.authUrl } as Parameters<typeof signIn>[0],
    demo.credentials,
  )
  const found = await admin.octavia('GET', '/v2.0/lbaas/loadbalancers?name=lb1')
  const id = text(found.body['loadbalancers']![0]!['id'])
  const amphorae = list(
    (await admin.octavia('GET', `/v2.0/octavia/amphorae?loadbalancer_id=${id}`)).body['amphorae'],
  )
  const side = async (role: string): Promise<Side> => {
    const amphora = amphorae.find((each) => text(each['role']) === role)!
    const address = text(amphora['lb_network_ip'])
    const sock = await jump.dial(address, 22)
    const shell = await Shell.open({ sock, username: amphoraUser, privateKey })
    return { id: text(amphora['id']), address, shell }
  }
  return { demo, id, jump, owner: await side('MASTER'), peer: await side('BACKUP') }
}

const lines = async ({ shell }: Side): Promise<string[]> => {
  const { stdout } = await shell.run('sudo -n journalctl -u octavia-keepalived -n all -o cat')
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\([0-9a-f]{32}\) /, ''))
}

const holds = async ({ shell }: Side): Promise<boolean> =>
  (await shell.run('sudo -n ip -n amphora-haproxy address show dev eth1')).stdout.includes(
    '192.168.30.101/32',
  )

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT / 2
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`Never: ${String(what)}`)
    await new Promise((wake) => setTimeout(wake, 100))
  }
}

const moved = async ({ owner, peer }: { owner: Side; peer: Side }) =>
  !(await holds(owner)) && (await holds(peer))
const atHome = async ({ owner, peer }: { owner: Side; peer: Side }) =>
  (await holds(owner)) && !(await holds(peer))

test.concurrent.for<[DemoFault, string[]]>([
  ['keepalived-kill', ['Stopped']],
  ['link-down', ['Netlink reports eth1 down', 'Entering FAULT STATE']],
  [
    'haproxy-stop',
    [
      'Script `check_script` now returning 1',
      'VRRP_Script(check_script) failed (exited with status 1)',
      'Entering FAULT STATE',
    ],
  ],
])(
  '%s moves the VIP to the peer, and taking it back brings it home',
  { timeout: LIMIT },
  async ([fault, words], context) => {
    const { expect } = context
    const scene = await stage(context)
    const before = (await lines(scene.owner)).length

    scene.demo.faults.set(scene.id, fault, true)
    await until(() => moved(scene))
    await new Promise((wake) => setTimeout(wake, 1200))

    expect(scene.demo.faults.list().loadBalancers[0]!.faults).toEqual([
      { fault, target: scene.owner.id },
    ])
    const told = (await lines(scene.owner)).slice(before)
    expect(told.filter((line) => words.includes(line))).toEqual(words)

    scene.demo.faults.set(scene.id, fault, false)
    await until(() => atHome(scene))
    expect(scene.demo.faults.list().loadBalancers[0]!.faults).toEqual([])
  },
)

test.concurrent(
  'vrrp-block makes two owners; the one with the higher priority remains',
  { timeout: LIMIT },
  async (context) => {
    const { expect } = context
    const scene = await stage(context)
    scene.demo.faults.set(scene.id, 'vrrp-block', true)
    await until(() => holds(scene.peer))
    expect(await holds(scene.owner)).toBe(true)

    scene.demo.faults.set(scene.id, 'vrrp-block', false)
    await until(() => atHome(scene))
    expect((await lines(scene.peer)).slice(-2)).toEqual([
      expect.stringMatching(/^Master received advert from \S+ with higher priority 100, ours 90$/),
      'Entering BACKUP STATE',
    ])
  },
)

test.concurrent(
  'priority-change edits the file and reloads it: the owner keeps the VIP, until it is mended too',
  { timeout: LIMIT },
  async (context) => {
    const { expect } = context
    const scene = await stage(context)
    const configured = async () => {
      const path = '/var/lib/octavia/vrrp/octavia-keepalived.conf'
      const { stdout } = await scene.owner.shell.run(`sudo -n cat ${path}`)
      return /^ {4}priority (\d+)$/m.exec(stdout)?.[1]
    }
    expect(await configured()).toBe('100')
    scene.demo.faults.set(scene.id, 'priority-change', true)
    expect(await configured()).toBe('80')
    expect(await lines(scene.owner)).toContain('Reload complete')
    // Longer than the peer waits for a master that is silent.
    await new Promise((wake) => setTimeout(wake, 4500))
    expect([await holds(scene.owner), await holds(scene.peer)]).toEqual([true, false])
    scene.demo.faults.set(scene.id, 'priority-change', false)
    expect(await configured()).toBe('100')
  },
)

test.concurrent(
  'amphora-off hangs up and is out of reach; switched on, it boots anew',
  { timeout: LIMIT },
  async (context) => {
    const { expect } = context
    const scene = await stage(context)
    const boot = (await scene.peer.shell.run('cat /proc/sys/kernel/random/boot_id')).stdout
    expect(boot).toMatch(/^[0-9a-f-]{36}\n$/)

    scene.demo.faults.set(scene.id, 'amphora-off', true)
    await until(() => holds(scene.peer))
    await expect(scene.jump.dial(scene.owner.address, 22)).rejects.toThrow('No route to host')

    scene.demo.faults.set(scene.id, 'amphora-off', false)
    await until(async () => !(await holds(scene.peer)))
  },
)

test.concurrent(
  'member-down stops the first member; the other one answers alone',
  { timeout: LIMIT },
  async (context) => {
    const { expect } = context
    const scene = await stage(context)
    scene.demo.faults.set(scene.id, 'member-down', true)
    expect(scene.demo.faults.list().loadBalancers[0]!.faults).toEqual([
      { fault: 'member-down', target: 'web1' },
    ])
    await until(async () => {
      const { stdout } = await scene.owner.shell.run(
        "sudo -n journalctl -u 'haproxy-*' -o cat -n all",
      )
      return stdout.includes(
        'is DOWN, reason: Layer4 connection problem, info: "Connection refused"',
      )
    })
    const bodies = new Set<string>()
    for (let turn = 0; turn < 3; turn += 1) {
      const wire = await scene.jump.dial('192.168.30.101', 80)
      wire.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      let answer = ''
      for await (const chunk of wire as AsyncIterable<Buffer>) answer += chunk.toString()
      bodies.add(answer.split('\r\n\r\n')[1]!)
    }
    expect([...bodies]).toEqual(['web2\n'])
  },
)

test.concurrent(
  'the data path is refused while haproxy is stopped and the VIP still there',
  { timeout: LIMIT },
  async (context) => {
    const { expect } = context
    const scene = await stage(context)
    scene.demo.faults.set(scene.id, 'haproxy-stop', true)
    await until(
      async () => (await scene.owner.shell.run("systemctl is-active 'haproxy-*'")).exit !== 0,
    )

    await expect(scene.jump.dial('192.168.30.101', 80)).rejects.toThrow('Connection refused')
  },
)

test('a closed demo cloud answers no more', async ({ expect }) => {
  const demo = await startDemo()
  await demo.close()

  await expect(fetch(demo.authUrl)).rejects.toThrow()
})
