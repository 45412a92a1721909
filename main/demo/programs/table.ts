import { cat, find, ls, stat, tail, test } from './files'
import { ip } from './ip'
import { journalctl } from './journalctl'
import type { Program } from './program'
import { systemctl } from './systemctl'
import {
  date,
  echo,
  haproxy,
  hostname,
  id,
  keepalived,
  kill,
  pgrep,
  ps,
  socat,
  ss,
  uname,
  uptime,
  whoami,
} from './system'

/** Every program an amphora has; those in sbin are not on a user's path. */
export const PROGRAMS: Readonly<Record<string, { run: Program; sbin?: boolean }>> = {
  cat: { run: cat },
  date: { run: date },
  echo: { run: echo },
  false: { run: () => 1 },
  find: { run: find },
  haproxy: { run: haproxy, sbin: true },
  hostname: { run: hostname },
  id: { run: id },
  'ip-tool': { run: ip },
  journalctl: { run: journalctl },
  keepalived: { run: keepalived, sbin: true },
  kill: { run: kill },
  ls: { run: ls },
  pgrep: { run: pgrep },
  ps: { run: ps },
  socat: { run: socat },
  ss: { run: ss },
  stat: { run: stat },
  systemctl: { run: systemctl },
  tail: { run: tail },
  test: { run: test },
  true: { run: () => 0 },
  uname: { run: uname },
  uptime: { run: uptime },
  whoami: { run: whoami },
}
