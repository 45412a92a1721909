import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Ssh2 } from '../../main/platform/ssh2'
import { localIdentity } from '../../main/platform/ssh/localIdentity'
import { SshConfigFile } from '../../main/platform/sshConfig'
import { HostKeys } from '../../main/services/hostKeys'
import { LogFollower } from '../../main/services/logFollower'
import { Prompts } from '../../main/services/prompts'
import { SshHosts } from '../../main/services/sshHosts'
import { PromptingOperator } from '../../main/services/sshOperator'
import { SshProfiles } from '../../main/services/sshProfiles'
import { SshRoutes } from '../../main/services/sshRoutes'
import { ListedAudit } from '../support/openClouds'
import { labFacts, onAmphora } from '../support/lab'

const LINES = 200_000
const KILLS = 20
const UNIT = 'tail-under-fire'

/** A wire to an SSH server that can be cut. */
async function cuttableWire(host: string, port: number) {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, host)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

it(`delivers ${String(LINES)} lines of a real journal while the connection is killed ${String(KILLS)} times: none lost, none twice`, async () => {
  const facts = labFacts()
  const amphora = facts.load_balancers[0]!.amphorae[0]!
  const wire = await cuttableWire(amphora.lb_network_ip, facts.ssh.port)
  const folder = mkdtempSync(join(tmpdir(), 'console-fire-'))
  const audit = new ListedAudit()
  const prompts = new Prompts()
  const hostKeys = new HostKeys(join(folder, 'known-hosts.json'), prompts, audit, () =>
    Promise.resolve(false),
  )
  const ssh = new Ssh2(new PromptingOperator(hostKeys, prompts))
  const profiles = new SshProfiles(join(folder, 'ssh.json'), audit, {
    lab: {
      user: facts.ssh.user,
      port: wire.port,
      keyFile: facts.ssh.key,
      useAgent: false,
      usePassword: false,
      useConfigFile: false,
      jumps: [],
    },
  })
  const routes = new SshRoutes(new SshConfigFile(folder), localIdentity({ HOME: folder }, 'linux'))
  const hosts = new SshHosts(profiles, routes, ssh)
  const abort = new AbortController()
  void (async () => {
    for await (const open of prompts.follow(abort.signal)) {
      for (const { id } of open) prompts.answer(id, { kind: 'accept' })
    }
  })()

  const follower = new LogFollower(hosts, { firstPauseMs: 50, longestPauseMs: 200 })
  const received: number[] = []
  let live = false
  let kills = 0
  const source = follower.follow(
    {
      cloud: 'lab',
      amphora: { amphoraId: amphora.id, managementAddress: '127.0.0.1' },
      lines: 0,
      clock: () => undefined,
      unit: `${UNIT}.service`,
    },
    abort.signal,
  )
  const reading = (async () => {
    for await (const item of source) {
      if (item.kind === 'log' && item.state === 'live') live = true
      if (item.kind !== 'lines') continue
      for (const { text } of item.lines) {
        const number = /^fire (\d+)$/.exec(text)?.[1]
        if (number !== undefined) received.push(Number(number))
      }
      // Spread over the whole run, and in the midst of lines.
      if (kills < KILLS && received.length >= ((kills + 1) * LINES) / (KILLS + 1)) {
        kills += 1
        wire.cut()
      }
      if (received.length >= LINES) return
    }
  })()
  await expect.poll(() => live, { timeout: 60_000 }).toBe(true)
  await onAmphora(
    facts,
    amphora.lb_network_ip,
    `sudo systemd-run --quiet --collect --unit=${UNIT} seq --format='fire %.0f' ${String(LINES)}`,
  )
  await reading
  abort.abort()
  ssh.closeAll()
  wire.close()

  process.stdout.write(
    `${String(received.length)} lines, ${String(kills)} kills, ${String(LINES - new Set(received).size)} lost, ${String(received.length - new Set(received).size)} twice\n`,
  )
  expect(kills).toBe(KILLS)
  expect(received).toEqual(Array.from({ length: LINES }, (_, index) => index + 1))
  execFileSync('rm', ['-rf', folder])
})
