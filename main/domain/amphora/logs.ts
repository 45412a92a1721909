const MOST = 50

const KERNEL_MATTERS =
  /out of memory|oom-kill|invoked oom-killer|killed process|nf_conntrack|neighbou?r table overflow|neigh\w* table overflow|link (?:is )?(?:up|down)|carrier|i\/o error|blk_update_request|buffer i\/o|ext4-fs (?:error|warning)|xfs .{0,40}(?:error|corruption)|read-only|remounting|soft lockup|hard lockup|hung_task|blocked for more than|rcu.{0,40}stall|kernel panic|oops|\bbug:|call trace|general protection|segfault|tcp: (?:out of memory|too many orphaned)|possible syn flooding|page allocation (?:failure|stalls)|clocksource.{0,60}unstable|unregister_netdevice|tx timeout|transmit queue .{0,20}timed out|no space left|file-max limit|apparmor="denied"|avc: {1,4}denied/i

/**
 * Kernel messages that matter to a load balancer, newest last, fifty at most, out of `journalctl --dmesg
 * --output=short-unix` (`1795345414.123456 host kernel: text`).
 */
export function parseKernelMessages(text: string): { at: number; text: string }[] {
  return text
    .split('\n')
    .flatMap((line) => {
      const [, seconds, message] =
        /^(\d{9,11}(?:\.\d{1,9})?) \S{1,255} kernel: (.{1,2000})$/.exec(line.slice(0, 2400)) ?? []
      if (seconds === undefined || message === undefined || !KERNEL_MATTERS.test(message)) return []
      return [{ at: Number(seconds) * 1000, text: message }]
    })
    .slice(-MOST)
}

const AGENT_MATTERS =
  /\b(?:ERROR|WARNING|CRITICAL|Traceback|Exception|\[(?:ERROR|WARNING|CRITICAL)\])\b|\[(?:ERROR|WARNING|CRITICAL)\]|\w(?:Error|Exception): |HTTP\/1\.[01]" 5\d\d |SSLError|Failed|Main process exited|timed out/

/**
 * Lines of the agent's log that tell of trouble, newest last, fifty at most; a line that is repeated word for word but
 * for its times stands once, where it came last.
 */
export function parseComplaints(text: string): string[] {
  const last = new Map<string, string>()
  for (const line of text.split('\n')) {
    const short = line.slice(0, 1000)
    if (!AGENT_MATTERS.test(short)) continue
    const same = short.replaceAll(/\d/g, '')
    last.delete(same)
    last.set(same, short)
  }
  return [...last.values()].slice(-MOST)
}
