import { describe, expect, it } from 'vitest'
import { shellLine } from '../../../../../main/platform/ssh/shellLine'
import { captureCommands, parseLogList } from '../../../../../main/services/capture/commands'
import { AppError } from '../../../../../preload/contract/error'
import { HOSTILE } from '../../../../support/hostile'

describe('the commands of a capture', () => {
  it('are these lines, and only look', () => {
    const all = [
      captureCommands.journalSince(24),
      captureCommands.journalSince(1, false),
      captureCommands.listLogFiles(),
      captureCommands.readLogFile('/var/log/syslog'),
      captureCommands.readLogFile('/var/log/syslog.2.gz'),
      captureCommands.readLogFile('/var/log/messages-20261122.xz', false),
    ]
    expect(all.every(({ access }) => access === 'reads')).toBe(true)
    expect(all.map(shellLine)).toEqual([
      'sudo -n journalctl --output=json --no-pager --since=-24h',
      'journalctl --output=json --no-pager --since=-1h',
      expect.stringMatching(/^sudo -n find \/var\/log -maxdepth 1 /),
      'sudo -n cat /var/log/syslog',
      'sudo -n gzip -dc /var/log/syslog.2.gz',
      'xz -dc /var/log/messages-20261122.xz',
    ])
  })

  it('take no other file, and no number of hours that is none', () => {
    for (const text of [
      // Here a packed log is what is wanted.
      ...HOSTILE.filter((text) => text !== '/var/log/syslog.1.gz'),
      '/etc/shadow',
      '/var/log/../../etc/shadow',
      '/var/log/auth.log',
    ])
      expect(() => captureCommands.readLogFile(text), text).toThrow(AppError)
    for (const hours of [0, -1, 721, 1.5, Number.NaN, '1' as unknown as number])
      expect(() => captureCommands.journalSince(hours)).toThrow(AppError)
  })

  it('list the oldest file first, whatever else is in the answer', () => {
    const answer = [
      '1795345414.5 100 /var/log/syslog',
      '1795340000.0 90 /var/log/syslog.1',
      '1795300000.0 80 /var/log/syslog.2.gz',
      '1795300000.0 80 /var/log/syslog.2.gz; rm -rf /',
      '1795300000.0 80 /etc/passwd',
      'find: permission denied',
      '',
    ].join('\n')
    expect(parseLogList(answer)).toEqual([
      { path: '/var/log/syslog.2.gz', changedAt: 1795300000000 },
      { path: '/var/log/syslog.1', changedAt: 1795340000000 },
      { path: '/var/log/syslog', changedAt: 1795345414500 },
    ])
  })
})
