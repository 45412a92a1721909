import { describe, expect, it } from 'vitest'
import type { Command, CommandResult, SshHost, StreamEnd } from '../../../../../main/platform/ssh'
import { display } from '../../../../../main/services/commands'
import { copyLogs } from '../../../../../main/services/capture/logs'
import { AppError } from '../../../../../preload/contract/error'

const never = new AbortController().signal
const NOW = 1_795_345_414_000
interface Said {
  stdout?: string
  stderr?: string
  exit?: number
  lost?: true
}

/** An amphora that says what it is told to, by how a command begins; everything else is not found. */
function hostOf(answers: Record<string, Said>): SshHost & { asked: string[] } {
  const asked: string[] = []
  const find = (command: Command): Required<Omit<Said, 'lost'>> & Pick<Said, 'lost'> => {
    const line = display(command)
    asked.push(line)
    const [, said] = Object.entries(answers).find(([start]) => line.startsWith(start)) ?? []
    return { stdout: '', stderr: said ? '' : 'x: command not found', exit: said ? 0 : 127, ...said }
  }
  return {
    asked,
    label: 'host',
    run: (command) =>
      Promise.resolve<CommandResult>({
        ...{ signal: undefined, startedAt: 0, endedAt: 0, truncated: false },
        ...find(command),
      }),
    follow: async function* (command): AsyncGenerator<Buffer, StreamEnd> {
      const { stdout, stderr, exit, lost } = find(command)
      if (stdout) yield await Promise.resolve(Buffer.from(stdout))
      if (lost) throw AppError.because('ssh.lost', 'gone')
      return { exit, signal: undefined, stderr }
    },
    shell: () => Promise.reject(new Error('none')),
    dial: () => Promise.reject(new Error('none')),
  }
}

async function copied(answers: Record<string, Said>) {
  const files: Record<string, string> = {}
  const host = hostOf(answers)
  const unread = await copyLogs(
    host,
    { hours: 24, amphoraNow: NOW },
    ({ name, source }, text) => {
      files[`${source}: ${name}`] = text
      return Promise.resolve()
    },
    never,
  )
  return { files, unread, asked: host.asked }
}

const RECORD = '{"__CURSOR":"s=1","MESSAGE":"x"}\n'
const seconds = (hoursAgo: number): string => String(NOW / 1000 - hoursAgo * 3600)

describe('the logs of an amphora', () => {
  it('are its journal, where there is one, and nothing else', async () => {
    expect(await copied({ 'sudo -n journalctl': { stdout: RECORD } })).toEqual({
      files: { 'journal: journal-0001.json': RECORD },
      unread: [],
      asked: ['sudo -n journalctl --output=json --no-pager --since=-24h'],
    })
  })

  it('are read without sudo where that is not allowed', async () => {
    const { files } = await copied({
      'sudo -n journalctl': { exit: 1, stderr: 'sudo: a password is required' },
      journalctl: { stdout: RECORD },
    })
    expect(files).toEqual({ 'journal: journal-0001.json': RECORD })
  })

  it('are the files of the last hours where there is no journal, packed ones included', async () => {
    const { files, unread, asked } = await copied({
      'sudo -n find': {
        stdout: [
          `${seconds(0)} 10 /var/log/syslog`,
          `${seconds(20)} 10 /var/log/syslog.2.gz`,
          `${seconds(48)} 10 /var/log/syslog.3.gz`,
        ].join('\n'),
      },
      'sudo -n cat /var/log/syslog': { stdout: 'new\n' },
      'sudo -n gzip -dc': { stdout: 'old\n' },
    })
    expect(files).toEqual({
      'syslog: syslog-2-0001.log': 'old\n',
      'syslog: syslog-0001.log': 'new\n',
    })
    expect(unread).toEqual([])
    expect(asked.at(-2)).toBe('sudo -n gzip -dc /var/log/syslog.2.gz')
  })

  it('say which file could not be unpacked, and go on', async () => {
    const { files, unread } = await copied({
      'sudo -n find': {
        stdout: `${seconds(2)} 10 /var/log/syslog.1.xz\n${seconds(1)} 10 /var/log/syslog\n`,
      },
      'sudo -n cat': { stdout: 'new\n' },
    })
    expect(Object.values(files)).toEqual(['new\n'])
    expect(unread).toEqual([{ what: '/var/log/syslog.1.xz', reason: 'ssh.commandMissing' }])
  })

  it('are kept as far as they were read when the connection is lost', async () => {
    const { files, unread } = await copied({
      'sudo -n journalctl': { stdout: RECORD, lost: true },
    })
    expect(files).toEqual({ 'journal: journal-0001.json': RECORD })
    expect(unread).toEqual([{ what: 'journal', reason: 'ssh.lost' }])
  })

  it('say that only part of the journal was shown', async () => {
    const { unread } = await copied({
      'sudo -n journalctl': {
        stdout: RECORD,
        stderr: 'Hint: You are currently not seeing messages from other users and the system.',
      },
    })
    expect(unread).toEqual([{ what: 'journal', reason: 'ssh.commandFailed' }])
  })

  it('say that there are none', async () => {
    const { files, unread } = await copied({})
    expect(files).toEqual({})
    expect(unread).toEqual([{ what: 'journal', reason: 'ssh.commandMissing' }])
  })
})
