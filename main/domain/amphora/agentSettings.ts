import { redact } from '../redact'

/** amphora-agent.conf, taken apart. */
export interface AgentSettings {
  /** `section.key` to value, without those that hold secrets. */
  settings: Readonly<Record<string, string>>
  /** A secret: for its digest, and for nothing else. */
  heartbeatKey?: string
}

/** Reads amphora-agent.conf (oslo.config's ini: comments with `#` and `;`, values that go on in indented lines). */
export function parseAgentSettings(text: string): AgentSettings {
  const values = new Map<string, string>()
  let section = 'DEFAULT'
  let last: string | undefined
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    const [, named] = /^\[([^\]]{1,100})\]$/.exec(trimmed) ?? []
    if (named !== undefined) {
      section = named
      last = undefined
    } else if (!trimmed) {
      last = undefined
    } else if (/^[#;]/.test(trimmed)) {
      continue
    } else if (/^\s/.test(line) && last !== undefined) {
      values.set(last, `${values.get(last) ?? ''} ${trimmed}`.trim())
    } else {
      const end = trimmed.search(/[=:]/)
      if (end < 1) continue
      last = `${section}.${trimmed.slice(0, end).trim()}`
      values.set(last, trimmed.slice(end + 1).trim())
    }
  }
  const heartbeatKey = values.get('health_manager.heartbeat_key')
  const open = [...values].filter(([key, value]) => {
    const name = key.slice(key.lastIndexOf('.') + 1)
    // By its name alone, too: of a damaged file, or one of another release, the value may not look like a secret.
    const isSecret = [value, 'x'].some((each) => redact(`${name} = ${each}`).found.length)
    return key !== '__proto__' && !isSecret
  })
  return { settings: Object.fromEntries(open), ...(heartbeatKey && { heartbeatKey }) }
}

/** Where heartbeats go: `controller_ip_port_list`, taken apart. IPv6 with or without brackets. */
export function controllersOf(
  settings: AgentSettings['settings'],
): { address: string; port: number }[] {
  const list = settings['health_manager.controller_ip_port_list'] ?? ''
  return list.split(',').flatMap((entry) => {
    const [, six, plain, port] =
      /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Fa-f:.]{2,45})):(\d{1,5})$/.exec(entry.trim()) ?? []
    const address = six ?? plain
    return address === undefined || Number(port) < 1 || Number(port) > 65_535
      ? []
      : [{ address, port: Number(port) }]
  })
}
