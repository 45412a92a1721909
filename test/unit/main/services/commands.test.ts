import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../preload/contract/error'
import { shellLine } from '../../../../main/platform/ssh/shellLine'
import { HOSTILE, received } from '../../../support/hostile'
import {
  commands,
  display,
  haproxyUnit,
  type AmphoraCommand,
} from '../../../../main/services/commands'

type Builder = (text: string) => AmphoraCommand

const builders: Record<string, Builder> = {
  unitStates: (text) => commands.unitStates([text]),
  journalHistory: (text) => commands.journalHistory(text, 1),
  journalFrom: (text) => commands.journalFrom('octavia-keepalived.service', text),
  journalFollow: (text) => commands.journalFollow('octavia-keepalived.service', text),
  'journalFollow of a unit': (text) => commands.journalFollow(text, undefined),
  fileStatus: (text) => commands.fileStatus(text),
  readFrom: (text) => commands.readFrom(text, 0),
  followFile: (text) => commands.followFile(text, 0),
  controlHaproxy: (text) => commands.controlHaproxy('stop', text),
  // What TypeScript rules out and a parsed message may still hold.
  controlKeepalived: (text) => commands.controlKeepalived(text as 'stop'),
  keepalivedDump: (text) => commands.keepalivedDump(text as 'USR1'),
  readDump: (text) => commands.readDump(text as 'json'),
  'history lines': (text) => commands.journalHistory('a.service', text as unknown as number),
  findLogFile: (text) => commands.findLogFile(text as unknown as number),
  'any argument': (text) => ({ argv: ['true', text], sudo: false, access: 'reads' }),
  'any name': (text) => ({ argv: [text, 'x'], sudo: false, access: 'reads' }),
}

describe('hostile text', () => {
  it('comes in more than 200 kinds', () => {
    expect(new Set(HOSTILE).size).toBeGreaterThan(200)
  })

  it.each(Object.entries(builders))(
    'reaches the other side through %s as it is, or is refused',
    (_name, build) => {
      for (const text of HOSTILE) {
        let command
        try {
          command = build(text)
          shellLine(command)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect(error).toMatchObject({ code: 'invalidInput' })
          continue
        }
        expect(received(command)).toEqual(command.argv)
      }
    },
  )

  it.each(Object.entries(builders).filter(([name]) => !name.startsWith('any')))(
    'never becomes an option of its own through %s',
    (_name, build) => {
      for (const text of HOSTILE.filter((candidate) => candidate.startsWith('-'))) {
        expect(() => build(text)).toThrow(AppError)
      }
    },
  )
})

describe('the table', () => {
  const id = '7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10'
  const cursor = 's=444f;i=97;b=426e;m=1f6c6c8d;t=660db37c0c1e6;x=8fb14b71671e066e'

  it('shows each command as it reaches the shell', () => {
    expect(
      [
        commands.addresses(),
        commands.clock(),
        commands.uptime(),
        commands.unitStates(['octavia-keepalived.service', haproxyUnit(id)]),
        commands.journalFollow('octavia-keepalived.service', cursor),
        commands.journalFrom('octavia-keepalived.service', cursor, false),
        commands.journalHistory('octavia-keepalived.service', 3, false, true),
        commands.readFrom('/var/log/syslog', 41),
        commands.keepalivedDump(36),
        commands.controlHaproxy('stop', id),
      ].map(display),
    ).toMatchInlineSnapshot(`
      [
        "sudo -n ip -n amphora-haproxy -j address show",
        "date +%s.%N",
        "cat /proc/uptime",
        "env TZ=UTC LC_ALL=C systemctl show --no-pager --property=Id,LoadState,ActiveState,SubState,Result,MainPID,NRestarts,StateChangeTimestamp,StateChangeTimestampMonotonic,ActiveEnterTimestamp,ActiveEnterTimestampMonotonic octavia-keepalived.service haproxy-7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10.service",
        "sudo -n timeout 3600 sh -c 'exec 3<&0;"$@" 3<&- & p=$!;(while read -r x;do :;done;kill $p)<&3 3<&- >/dev/null 2>&1 & w=$!;exec 3<&-;wait $p;s=$?;kill $w 2>/dev/null;exit $s' sh journalctl --output=json --no-pager --unit=octavia-keepalived.service --follow --no-tail '--cursor=s=444f;i=97;b=426e;m=1f6c6c8d;t=660db37c0c1e6;x=8fb14b71671e066e'",
        "journalctl --output=json --no-pager --unit=octavia-keepalived.service '--cursor=s=444f;i=97;b=426e;m=1f6c6c8d;t=660db37c0c1e6;x=8fb14b71671e066e'",
        "journalctl --output=json --output-fields=MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_COMM,_PID,_SOURCE_REALTIME_TIMESTAMP --no-pager --unit=octavia-keepalived.service --lines=3",
        "sudo -n tail --bytes=+42 /var/log/syslog",
        "sudo -n systemctl kill --kill-who=main --signal=36 octavia-keepalived.service",
        "sudo -n systemctl stop haproxy-7a1f3c52-94c4-4d6e-9a1b-0c5d3e7f8a10.service",
      ]
    `)
  })

  it('says which commands change something', () => {
    expect(commands.controlKeepalived('restart').access).toBe('changes')
    expect(commands.controlHaproxy('start', id).access).toBe('changes')
    expect(commands.keepalivedDump('USR1').access).toBe('reads')
  })

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])('refuses %d as a count', (value) => {
    expect(() => commands.journalHistory('a.service', value)).toThrow(AppError)
    expect(() => commands.readFrom('/var/log/syslog', value)).toThrow(AppError)
    expect(() => commands.findLogFile(value)).toThrow(AppError)
  })

  it.each([1, 9, 10, 12, 15, 33, 65])('does not send signal %d', (value) => {
    expect(() => commands.keepalivedDump(value)).toThrow(AppError)
  })
})
