/** How long a stream lasts at most, in seconds: a host that never learns that the network is gone is rid of it then. */
const STREAM_SECONDS = '3600'

/**
 * A POSIX shell's program, always the same: runs its arguments, ends them when its standard input ends, and answers their
 * exit status. sshd closes that input with the channel, however the connection ends; whom sudo runs learns of it in no
 * other way (`ip monitor` would stay until the next address changes).
 */
const UNTIL_HUNG_UP =
  'exec 3<&0;' +
  // A shell gives what it runs in the background an empty input: the watcher's is named.
  '"$@" 3<&- & p=$!;' +
  // By a builtin: a `cat` would outlive its killed shell and hold the channel open.
  '(while read -r x;do :;done;kill $p)<&3 3<&- >/dev/null 2>&1 & w=$!;' +
  'exec 3<&-;wait $p;s=$?;kill $w 2>/dev/null;exit $s'

/**
 * A command whose output is followed, so that it ends with the SSH channel, whoever runs it. Its standard input must stay
 * open meanwhile. It ends with exit status 124 after an hour, or so many seconds.
 */
export const followed = (argv: readonly string[], seconds = STREAM_SECONDS): string[] => [
  ...['timeout', seconds],
  ...['sh', '-c', UNTIL_HUNG_UP, 'sh'],
  ...argv,
]
