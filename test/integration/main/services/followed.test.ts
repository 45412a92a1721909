import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { followed } from '../../../../main/services/followed'

/** Shells that amphora images have as `sh`; those that this machine has. */
const SHELLS = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync(program, ['--help']).error === undefined,
)

/** What `followed` makes of a command, run by a certain shell, with a deadline of its own. */
function start(shell: readonly string[], argv: readonly string[], seconds = '3600') {
  const [timeout = '', , sh = '', ...rest] = followed(argv)
  expect([timeout, sh]).toEqual(['timeout', 'sh'])
  const child = spawn(timeout, [seconds, ...shell, ...rest])
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  // `close`, not `exit`: it comes once nobody holds the output any more, which the command itself does until it is gone.
  const end = once(child, 'close').then(([code]) => code as number | null)
  return { child, said, end }
}

/** A process that says its number and goes on. */
const LASTING = ['sh', '-c', 'echo $$; exec sleep 1000']
const lives = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('is tried with every shell there is', () => {
  expect(SHELLS.length).toBeGreaterThan(0)
})

describe.each(SHELLS)('by %s %s', (...shell) => {
  it('hands on every argument, the output and the exit status', async () => {
    const odd = ['a b', "it's", '$HOME', '*', '', 'x;y', '-n', '\\', 'ü']
    const { said, end } = start(shell, ['printf', '<%s>', ...odd])
    expect(await end).toBe(0)
    expect(said).toEqual({ stdout: odd.map((word) => `<${word}>`).join(''), stderr: '' })

    const failing = start(shell, ['sh', '-c', 'echo oh >&2; exit 7'])
    expect(await failing.end).toBe(7)
    expect(failing.said).toEqual({ stdout: '', stderr: 'oh\n' })
    expect(await start(shell, ['no-such-program']).end).toBe(127)
  })

  it('goes on while its input is open, and ends the command with it', async () => {
    const { child, said, end } = start(shell, LASTING)
    await expect.poll(() => said.stdout).toMatch(/\n/)
    const pid = Number(said.stdout)
    child.stdin.write('whatever\n')
    expect(lives(pid)).toBe(true)
    child.stdin.end()
    expect(await end).toBe(143)
    expect(lives(pid)).toBe(false)
  })

  it('ends when its time is over', async () => {
    expect(await start(shell, LASTING, '0.5').end).toBe(124)
  })

  it('takes a signal to its group, as sshd sends it', async () => {
    const { child, said, end } = start(shell, LASTING)
    await expect.poll(() => said.stdout).toMatch(/\n/)
    process.kill(-child.pid!, 'SIGTERM')
    await end
  })
})
