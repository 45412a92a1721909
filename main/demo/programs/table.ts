import { cat, ls, stat, tail, test } from './files'
import { find, head } from './find'
import { python3, socat } from './haproxySocket'
import { ip } from './ip'
import { journalctl } from './journalctl'
import { df, openssl } from './machineFacts'
import { nft, ss } from './network'
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
  uname,
  uptime,
  whoami,
} from './system'
import { tcpdump } from './tcpdump'

/** Every program an amphora has; those in sbin are not on a user's path. */
export const PROGRAMS: Readonly<Record<string, { run: Program; sbin?: boolean }>> = {
  cat: { run: cat },
  date: { run: date },
  df: { run: df },
  echo: { run: echo },
  false: { run: () => 1 },
  find: { run: find },
  haproxy: { run: haproxy, sbin: true },
  head: { run: head },
  hostname: { run: hostname },
  id: { run: id },
  'ip-tool': { run: ip },
  journalctl: { run: journalctl },
  keepalived: { run: keepalived, sbin: true },
  kill: { run: kill },
  ls: { run: ls },
  nft: { run: nft, sbin: true },
  openssl: { run: openssl },
  pgrep: { run: pgrep },
  ps: { run: ps },
  python3: { run: python3 },
  socat: { run: socat },
  ss: { run: ss },
  stat: { run: stat },
  systemctl: { run: systemctl },
  tail: { run: tail },
  tcpdump: { run: tcpdump },
  test: { run: test },
  true: { run: () => 0 },
  uname: { run: uname },
  uptime: { run: uptime },
  whoami: { run: whoami },
}
