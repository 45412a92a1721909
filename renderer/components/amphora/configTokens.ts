import type { ConfigFile } from '../../../preload/contract/inspect'

/** What a piece of a configuration is, for its colour. */
type TokenKind =
  'text' | 'comment' | 'section' | 'keyword' | 'string' | 'number' | 'address' | 'id' | 'redacted'

export interface Token {
  kind: TokenKind
  text: string
}

/** How a file is written. */
export type Language = 'keepalived' | 'haproxy' | 'ini' | 'shell' | 'json' | 'plain'

/** How a file is written, by what it is for and by its name. */
export function languageOf({ kind, path }: Pick<ConfigFile, 'kind' | 'path'>): Language {
  if (path.endsWith('.json')) return 'json'
  if (path.endsWith('.sh')) return 'shell'
  switch (kind) {
    case 'keepalived':
    case 'lvs':
      return 'keepalived'
    case 'haproxy':
      return 'haproxy'
    case 'agent':
    case 'controller':
    case 'unit':
      return 'ini'
    case 'checkScript':
      return 'shell'
    case 'interface':
    case 'pluggedInterfaces':
    case 'rsyslog':
    case 'other':
      return /\.(?:service|conf|ini|network)$/.test(path) ? 'ini' : 'plain'
  }
}

/** What the console puts where it takes a secret out of a text. */
export const REMOVED = '‹removed›'

/** Everywhere alike: what has a shape of its own. Every repetition is bounded: that keeps it linear. */
const SHAPES =
  `(?<redacted>${REMOVED})` +
  String.raw`|(?<string>"(?:[^"\\]|\\.){0,400}"|'[^']{0,400}')` +
  String.raw`|(?<id>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b)` +
  String.raw`|(?<address>\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,3})?(?::\d{1,5})?\b|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/\d{1,3})?(?![\w:]))` +
  String.raw`|(?<number>(?<![\w.-])\d{1,20}(?:\.\d{1,20})?(?:ms|[smhdkKMG%])?(?![\w.-]))`
const shapes = new RegExp(SHAPES, 'g')

const SECTIONS: Partial<Record<Language, RegExp>> = {
  haproxy:
    /^(?:global|defaults|frontend|backend|listen|peers|resolvers|userlist|cache|mailers|program|http-errors|ring)\b/,
  ini: /^\s*\[[^\]]*\]/,
  keepalived:
    /^\s*(?:vrrp_instance|vrrp_script|vrrp_sync_group|global_defs|virtual_server|virtual_server_group|real_server|static_routes|static_rules)\b/,
}

const SHELL_WORDS =
  /\b(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|function|exit|return|local|export|set)\b/g

/** The first word of a line, where that says what the line sets. */
const FIRST_WORD: Partial<Record<Language, RegExp>> = {
  haproxy: /^\s*(?:no\s+)?[\w.-]+/,
  keepalived: /^\s*[\w.-]+/,
  ini: /^\s*[\w.-]+(?=\s*[=:])/,
}

/** Characters of a line that get colours; people write shorter ones. */
const LONGEST = 4_000

/** Divides one line into its pieces; joined again they are the line. Linear in its length. */
export function tokensOf(line: string, language: Language): Token[] {
  if (line.length > LONGEST)
    return [
      ...tokensOf(line.slice(0, LONGEST), language),
      { kind: 'text', text: line.slice(LONGEST) },
    ]
  if (language === 'plain') return withShapes(line, [])
  const comment = commentAt(line, language)
  const code = comment < 0 ? line : line.slice(0, comment)
  const tokens = codeTokens(code, language)
  if (comment >= 0) tokens.push({ kind: 'comment', text: line.slice(comment) })
  return tokens
}

function codeTokens(code: string, language: Language): Token[] {
  const section = SECTIONS[language]?.exec(code)
  if (section)
    return withShapes(code.slice(section[0].length), [{ kind: 'section', text: section[0] }])
  if (language === 'shell') return shellTokens(code)
  if (language === 'json') return jsonTokens(code)
  const first = FIRST_WORD[language]?.exec(code)
  if (!first || looksLikeValue(first[0])) return withShapes(code, [])
  return withShapes(code.slice(first[0].length), [{ kind: 'keyword', text: first[0] }])
}

/** An address or an id alone on its line is no name of a setting. */
const looksLikeValue = (word: string): boolean =>
  /^\s*(?:[\d.]+$|[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}$)/.test(word) || word.trim() === ''

function withShapes(text: string, before: Token[]): Token[] {
  const tokens = before
  let from = 0
  for (const match of text.matchAll(shapes)) {
    if (match.index > from) push(tokens, 'text', text.slice(from, match.index))
    // The types promise a text for every group; those that did not take part have none.
    const groups: Partial<Record<string, string>> = match.groups ?? {}
    const kind = Object.entries(groups).find(([, found]) => found !== undefined)
    push(tokens, (kind?.[0] ?? 'text') as TokenKind, match[0])
    from = match.index + match[0].length
  }
  if (from < text.length) push(tokens, 'text', text.slice(from))
  return tokens
}

function shellTokens(code: string): Token[] {
  return withShapes(code, []).flatMap((token) =>
    token.kind === 'text' ? splitBy(token.text, SHELL_WORDS, 'keyword') : [token],
  )
}

function jsonTokens(code: string): Token[] {
  const tokens = withShapes(code, [])
  // A string before a colon is a name.
  return tokens.map((token, i) =>
    token.kind === 'string' && /^\s*:/.test(tokens[i + 1]?.text ?? '')
      ? { ...token, kind: 'keyword' }
      : token,
  )
}

function splitBy(text: string, words: RegExp, kind: TokenKind): Token[] {
  const tokens: Token[] = []
  let from = 0
  for (const match of text.matchAll(words)) {
    if (match.index > from) tokens.push({ kind: 'text', text: text.slice(from, match.index) })
    tokens.push({ kind, text: match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) tokens.push({ kind: 'text', text: text.slice(from) })
  return tokens
}

function push(tokens: Token[], kind: TokenKind, text: string): void {
  tokens.push({ kind, text })
}

const COMMENT_SIGNS: Record<Language, string> = {
  keepalived: '#!',
  haproxy: '#',
  ini: '#;',
  shell: '#',
  json: '',
  plain: '',
}

/** Where the comment of a line begins; -1 without one. Signs inside quotes begin none. */
function commentAt(line: string, language: Language): number {
  const signs = COMMENT_SIGNS[language]
  if (!signs) return -1
  let quote = ''
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i)
    if (char === '\\') i += 1
    else if (quote) quote = char === quote ? '' : quote
    else if (char === '"' || (char === "'" && language !== 'ini')) quote = char
    else if (signs.includes(char) && (i === 0 || /\s/.test(line.charAt(i - 1)))) {
      // In ini files only whole lines are comments.
      return language === 'ini' && line.slice(0, i).trim() !== '' ? -1 : i
    }
  }
  return -1
}
