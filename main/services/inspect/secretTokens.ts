/** Drawn at the start and given to nobody: what was made with it says nothing to who does not have it. */
const KEY = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

/** Where the secrets stand that amphorae of a pair must have in common, and how much of each is used. */
const SECRETS = [
  // keepalived uses eight characters of a password.
  ['auth_pass', /^[ \t]*auth_pass[ \t]+"?([^\s"]{1,8})/m],
  ['heartbeat_key', /^heartbeat_key[ \t]*[=:][ \t]*(\S[^\r\n]*?)[ \t\r]*$/m],
] as const

/**
 * Tokens of the secrets of a file, by the word before each. Two tokens of one word are equal where the secrets are; they
 * cannot be compared with those of an earlier start of the console.
 */
export async function secretTokens(text: string): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {}
  for (const [word, pattern] of SECRETS) {
    const [, secret] = pattern.exec(text) ?? []
    if (secret === undefined) continue
    const sign = await crypto.subtle.sign(
      'HMAC',
      await KEY,
      new TextEncoder().encode(`${word} ${secret}`),
    )
    tokens[word] = Array.from(new Uint8Array(sign.slice(0, 12)), (octet) =>
      octet.toString(16).padStart(2, '0'),
    ).join('')
  }
  return tokens
}
