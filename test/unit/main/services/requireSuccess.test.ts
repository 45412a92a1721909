import { expect, it } from 'vitest'
import { failureOf, requireSuccess } from '../../../../main/services/requireSuccess'

const command = { argv: ['ip', 'address'], sudo: true }

it.each([
  ['sudo: a password is required', 1, 'ssh.sudo'],
  ['sudo: a terminal is required to read the password', 1, 'ssh.sudo'],
  ['ubuntu is not in the sudoers file.  This incident will be reported.', 1, 'ssh.sudo'],
  ["Sorry, user ubuntu is not allowed to execute '/sbin/ip' as root on amphora.", 1, 'ssh.sudo'],
  ['sudo: sorry, you must have a tty to run sudo', 1, 'ssh.sudo'],
  ['bash: line 1: sudo: command not found', 127, 'ssh.sudo'],
  ['sudo: keepalived: command not found', 1, 'ssh.commandMissing'],
  ['bash: ip: command not found', 127, 'ssh.commandMissing'],
  ['', 127, 'ssh.commandMissing'],
  [
    'Cannot open network namespace "amphora-haproxy": No such file or directory',
    255,
    'amphora.noNamespace',
  ],
  ['Failed to start x.service: Unit x.service not found.', 5, 'amphora.unitMissing'],
  ['Failed to stop x.service: Unit x.service not loaded.', 5, 'amphora.unitMissing'],
  ['Unit x.service could not be found.', 4, 'amphora.unitMissing'],
  ['cat: /tmp/keepalived.json: No such file or directory', 1, 'ssh.commandFailed'],
  ['', 1, 'ssh.commandFailed'],
])('tells from “%s” and status %d: %s', (stderr, exit, reason) => {
  expect(failureOf({ exit, stderr }, command)).toMatchObject({
    reason,
    values: { command: 'sudo -n ip address', exit },
  })
})

it('tells which signal ended it', () => {
  expect(failureOf({ exit: undefined, signal: 'SIGKILL', stderr: '' }, command)).toMatchObject({
    reason: 'ssh.commandFailed',
    values: { exit: 'SIGKILL' },
  })
})

it('lets success through, whatever it grumbled', () => {
  const result = { exit: 0, stderr: 'sudo: unable to resolve host amphora', stdout: 'x' }
  expect(requireSuccess(result, command)).toBe(result)
})
