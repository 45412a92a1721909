import { execFileSync } from 'node:child_process'
import type { Command } from '../../main/platform/ssh'
import { shellLine } from '../../main/platform/ssh/shellLine'

/** Strings that mean something to some shell, some parser or some program. */
export const HOSTILE: readonly string[] = [
  ...['', ' ', '\t', '\n', '\r\n', '\0', 'a\0b', '\x1b[2J', '\x7f', '\u202e', '\ufeff', '\ud800'],
  ...[
    "'",
    "''",
    "'\\''",
    '"',
    '\\',
    '\\\\',
    '`',
    '``',
    '$',
    '$$',
    '$(',
    '$((1))',
    '${IFS}',
    '$HOME',
  ],
  ...['$(reboot)', '`reboot`', "'; reboot; '", '"; reboot; "', '; reboot', '& reboot', '&& reboot'],
  ...['| reboot', '|| reboot', '> /etc/passwd', '>> /etc/passwd', '< /etc/shadow', '2>&1', '<<EOF'],
  ...['*', '?', '[a-z]', '~', '~root', '{a,b}', '!', '!!', '#', '# comment', '%s', '%n', '\\x00'],
  ...[
    '-',
    '--',
    '-rf',
    '--help',
    '--unit=x',
    '--output=cat',
    '-n',
    '=',
    'A=b',
    '=ls',
    'LD_PRELOAD=x',
  ],
  ...['..', '../..', '/etc/shadow', '/var/log/../../etc/shadow', '/var/log/syslog\n/etc/shadow'],
  ...[
    '/var/log/syslog.1;x',
    '/var/log/syslog.',
    '/var/log/syslog.1.gz',
    '/VAR/LOG/SYSLOG',
    'syslog',
  ],
  ...[
    'octavia-keepalived',
    'octavia-keepalived.service ',
    ' octavia-keepalived.service',
    'a b.service',
  ],
  ...[
    '*.service',
    '-x.service',
    '.service',
    'a\nb.service',
    'a$b.service',
    "a'b.service",
    'a;b.service',
  ],
  ...[
    '00000000-0000-0000-0000-00000000000',
    '00000000-0000-0000-0000-0000000000000',
    'g'.repeat(36),
  ],
  ...['00000000-0000-0000-0000-000000000000\n', '00000000-0000-0000-0000-000000000000; x'],
  ...['s=1;i=2\n--file=/etc/shadow', 's=$(x)', "s=';x", 's=1 --file=x', '=1', 's=', 'S=1'],
  ...[
    'ü',
    '日本語',
    '🙂',
    'e\u0301',
    'ﬁ',
    '\u00a0',
    '\u2028',
    'null',
    'undefined',
    'NaN',
    '0',
    '-1',
  ],
  ...Array.from({ length: 100 }, (_, index) => {
    const characters = ' \'"\\$`;&|<>()*?[]{}~!#%=-\n\t\r/.:@a1'
    // A linear congruence: the same strings in every run.
    let state = index + 1
    return Array.from({ length: 12 }, () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return characters[state % characters.length]
    }).join('')
  }),
]

/** The arguments as a real shell hands them on. */
export function received(command: Command): string[] {
  const line = shellLine({ argv: command.argv, sudo: false })
  const out = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
  return out.split('\0').slice(0, -1)
}
