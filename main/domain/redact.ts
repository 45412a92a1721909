/** What stands where a secret was. */
export const REMOVED = '‹removed›'

/** Kinds of secrets as `redact` names them, in the order in which they are looked for. */
export type SecretKind =
  | 'private key'
  | 'auth_pass'
  | 'auth_data'
  | 'heartbeat_key'
  | 'password'
  | 'secret'
  | 'token'
  | 'authorization'
  | 'cookie'
  | 'SNMP community'
  | 'credentials in URL'
  | 'VRRP authentication'

/** Ends of names that hold a place, a date or a kind, and no secret: `token_expiration`, `secret_ref`. */
const HARMLESS =
  '(?![\\w-]{0,40}?(?:_files?|_path|_dir|_urls?|_ref|_type|_length|_count|_format|_provider|_at|expir\\w{0,20})(?![\\w-]))'

/** A name that holds a secret, from its telling part to its end. Every repetition here is bounded: that keeps `redact` linear. */
const KEY = `(?:auth_pass|auth_data|heartbeat_key|passw(?:or)?d|passphrase|secret|token|api_?key|access_?key)${HARMLESS}[\\w-]{0,40}`

/** One word; the quotes and brackets that end it belong to whatever it is embedded in. */
const WORD =
  '"[^"\\n]*"?|\'[^\'\\n]*\'?|(?:(?!\\\\[nrt])\\S)+?(?=["\'\\]},;]{0,8}(?:\\s|\\\\[nrt]|$))'

/** Every rule has the groups `before`, `value` and perhaps `key`; all that is not `before` or `value` stays after it. */
interface Rule {
  pattern: RegExp
  kind?: SecretKind
  /** A bare value in JSON becomes a string. */
  quoted?: true
}

const RULES: readonly Rule[] = [
  // JSON, JSON inside JSON, and what Python prints; a cut text may end before the closing quote.
  {
    pattern: new RegExp(
      `(?<before>(?<key>${KEY})"\\s{0,16}:\\s{0,16}")(?<value>(?:[^"\\\\\\n]+|\\\\.)*)`,
      'gi',
    ),
  },
  {
    pattern: new RegExp(
      `(?<before>(?<key>${KEY})\\\\"\\s{0,16}:\\s{0,16}\\\\")(?<value>(?:[^"\\\\\\n]|\\\\\\\\(?:\\\\.|[^\\\\\\n])|\\\\[^"\\\\\\n])*)`,
      'gi',
    ),
  },
  {
    pattern: new RegExp(
      `(?<before>(?<key>${KEY})'\\s{0,16}:\\s{0,16}[ub]?')(?<value>(?:[^'\\\\\\n]+|\\\\.)*)`,
      'gi',
    ),
  },
  {
    pattern: new RegExp(
      `(?<before>(?<key>${KEY})["']\\s{0,16}:\\s{0,16}\\[)(?<value>[^\\][{}]*)(?=\\])`,
      'gi',
    ),
  },
  {
    quoted: true,
    pattern: new RegExp(
      `(?<before>(?<key>${KEY})["'][ \\t]{0,16}:[ \\t]{0,16})(?<value>(?!true\\b|false\\b|null\\b|none\\b)[^\\s"'\\\\{}[\\],]+)`,
      'gi',
    ),
  },
  // keepalived.conf; the exception is a message of keepalived about the word.
  {
    pattern: new RegExp(
      `(?<before>(?<key>auth_pass)[ \\t]{1,16}(?!to 8 char|[=:]))(?<value>${WORD})`,
      'gi',
    ),
  },
  // One setting per line: ini, yaml, a keepalived dump. The value may hold spaces.
  {
    pattern: new RegExp(
      `^(?<before>[ \\t#;-]{0,64}(?:export[ \\t]{1,8})?[\\w.-]{0,64}?(?<key>${KEY})[ \\t]{0,64}[=:][ \\t]{0,64})(?<value>[^\\s{[|>][^\\r\\n]*)`,
      'gim',
    ),
  },
  // The same in the middle of a line, and as an option of a command.
  {
    pattern: new RegExp(`(?<before>(?<key>${KEY})[ \\t]{0,4}=[ \\t]{0,4})(?<value>${WORD})`, 'gi'),
  },
  {
    pattern: new RegExp(
      `(?<before>[{,][ \\t]{0,16}[\\w.-]{0,64}?(?<key>${KEY}):[ \\t]{1,16})(?<value>${WORD})`,
      'gi',
    ),
  },
  {
    pattern: new RegExp(
      `(?<before>--[\\w-]{0,64}?(?<key>${KEY})[ \\t]{1,16})(?<value>(?!-)(?:${WORD}))`,
      'gi',
    ),
  },
  // haproxy's userlist.
  {
    pattern: new RegExp(
      `(?<before>\\buser[ \\t]{1,16}\\S{1,256}[ \\t]{1,16}(?:insecure-)?(?<key>password)[ \\t]{1,16})(?<value>${WORD})`,
      'gi',
    ),
  },
  // HTTP headers, also inside quotes on a command line.
  {
    pattern: new RegExp(
      `(?<before>x-(?:auth|subject|service)-(?<key>token):[ \\t]{0,16})(?<value>${WORD})`,
      'gi',
    ),
  },
  {
    kind: 'authorization',
    pattern:
      /(?<before>\b(?:proxy-)?authorization["']?:[ \t]{0,16}["']?(?:(?:basic|bearer|digest|negotiate)[ \t]{1,16})?)(?<value>[^\s"'][^"'\r\n]*)/gi,
  },
  // The same words where a configuration sets a header; words of a sentence have no digits.
  {
    kind: 'authorization',
    pattern:
      /(?<before>\b(?:[Bb]asic|[Bb]earer)[ \t]{1,4})(?<value>(?=[A-Za-z0-9+/_.-]{0,200}[0-9=])[A-Za-z0-9+/_.-]{12,}={0,2})/g,
  },
  {
    kind: 'cookie',
    pattern: /(?<before>\b(?:set-)?cookie:[ \t]{0,16})(?<value>[^\s"'\\][^"'\\\r\n]*)/gi,
  },
  {
    kind: 'cookie',
    pattern:
      /(?<before>\b(?:set-)?cookies?["']\s{0,16}:\s{0,16}\[?\s{0,16}["'])(?<value>(?:[^"'\\\n]+|\\.)*)/gi,
  },
  // haproxy's statistics page.
  {
    kind: 'password',
    pattern: new RegExp(
      `(?<before>\\bstats[ \\t]{1,16}auth[ \\t]{1,16}[^\\s:]{1,256}:)(?<value>${WORD})`,
      'gi',
    ),
  },
  {
    kind: 'password',
    pattern: new RegExp(`(?<before>\\bsshpass[ \\t]{1,8}-p[ \\t]{0,8})(?<value>${WORD})`, 'g'),
  },
  // snmpd.conf, and what sets it.
  {
    kind: 'SNMP community',
    pattern: new RegExp(
      `(?<before>\\b(?:r[ow]community6?|snmp-server[ \\t]{1,8}community|snmp_?community[ \\t]{0,16}[=:])[ \\t]{1,16})(?<value>${WORD})`,
      'gi',
    ),
  },
  // Hashed passwords as crypt(3) writes them, and JSON web tokens, wherever they stand.
  {
    kind: 'password',
    pattern: /(?<before>)(?<value>\$(?:1|2[abxy]?|5|6|7|y)\$[./A-Za-z0-9$=,]{16,})/g,
  },
  {
    kind: 'token',
    pattern: /(?<before>)(?<value>(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})/g,
  },
  // Keystone's Fernet tokens are recognisable wherever they stand.
  { kind: 'token', pattern: /(?<before>)(?<value>(?<![\w-])gAAAAA[\w-]{40,}={0,2})/g },
  // tcpdump -v prints the password of VRRPv2 at the end of the line.
  {
    kind: 'VRRP authentication',
    pattern: /(?<before>\bauth ")(?<value>[^\r\n]*?)(?="?[ \t]{0,16}(?:\r?\n|$))/g,
  },
]

const AUTHORITY = /:\/\/[^\s/"'<>@]*@[^\s/"'<>]*/g
const KEY_BLOCK = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----/g
const KEY_BLOCK_END = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----/g
const KEY_BLOCK_LINES =
  /(?:(?:\r?\n|\\r|\\n)[ \t]*(?:[A-Za-z0-9+/=]+|(?:Proc-Type|DEK-Info):[^\r\n\\]*)?[ \t]*(?=\r?\n|\\|["']|$))*/y

/**
 * Takes the secrets out of any text that a host or an API gave: passwords, `auth_pass`, keepalived's `Password =` and
 * `auth_data`, heartbeat keys, private keys, tokens, credentials inside URLs, the password in tcpdump's VRRP lines.
 * JSON stays JSON. Taking out twice changes nothing more. Takes time in proportion to the length of the text.
 *
 * @param markOf what stands for a secret: `‹removed›`, perhaps with a number behind it by which equal ones are known
 * @returns the text with `‹removed›` where a secret was, and each kind that was found, once
 */
export function redact(
  text: string,
  markOf: (secret: string, kind: SecretKind) => string = () => REMOVED,
): { text: string; found: SecretKind[] } {
  const found = new Set<SecretKind>()
  let clean = removeKeyBlocks(text, found)
  for (const { pattern, kind, quoted } of RULES) {
    clean = clean.replace(pattern, (...match: unknown[]) => {
      const { before, value, key } = match.at(-1) as Record<string, string | undefined>
      if (before === undefined || !value || isRemoved(value)) return match[0] as string
      const what = kind ?? kindOf(key ?? '')
      found.add(what)
      const mark = markOf(value, what)
      return before + (quoted ? `"${mark}"` : mark)
    })
  }
  return { text: removeFromUrls(clean, found), found: [...found] }
}

/** What stands behind the mark was left there the first time. One with a number tells more than whoever asks now wants to know. */
const isRemoved = (value: string): boolean => /^["']?‹removed›(?!\d)/.test(value)

function kindOf(key: string): SecretKind {
  const name = key.toLowerCase()
  for (const kind of ['auth_pass', 'auth_data', 'heartbeat_key', 'token', 'secret'] as const) {
    if (name.startsWith(kind)) return kind
  }
  return name.startsWith('pass') ? 'password' : 'secret'
}

/** A key that was cut off has no last line: then every line that can belong to it goes. */
function removeKeyBlocks(text: string, found: Set<SecretKind>): string {
  const starts = Array.from(text.matchAll(KEY_BLOCK), (match) => ({
    at: match.index,
    to: match.index + match[0].length,
  }))
  if (!starts.length) return text
  const ends = Array.from(text.matchAll(KEY_BLOCK_END), (match) => match.index)

  let clean = ''
  let kept = 0
  let nextEnd = 0
  for (const [index, { to }] of starts.entries()) {
    while (nextEnd < ends.length && (ends[nextEnd] ?? 0) < to) nextEnd += 1
    const end = ends[nextEnd] ?? Infinity
    const nextStart = starts[index + 1]?.at ?? Infinity
    let stop = end
    if (end > nextStart || end === Infinity) {
      KEY_BLOCK_LINES.lastIndex = to
      KEY_BLOCK_LINES.exec(text)
      stop = KEY_BLOCK_LINES.lastIndex || to
    }
    if (stop <= to || text.slice(to, stop).trim() === REMOVED) continue
    found.add('private key')
    clean += text.slice(kept, to) + REMOVED
    kept = stop
  }
  return clean + text.slice(kept)
}

/** `scheme://user:password@host`, also with several hosts as in oslo.messaging's transport URLs. */
function removeFromUrls(text: string, found: Set<SecretKind>): string {
  return text.replace(AUTHORITY, (authority) => {
    const hosts = authority.slice('://'.length).split(',')
    const clean = hosts.map((host) => {
      const end = host.lastIndexOf('@')
      const start = host.indexOf(':') + 1
      if (!start || start >= end || host.slice(start, end) === REMOVED) return host
      found.add('credentials in URL')
      return host.slice(0, start) + REMOVED + host.slice(end)
    })
    return `://${clean.join(',')}`
  })
}
