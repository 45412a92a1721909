import { pairSecrets } from '../../domain/pairSecrets'

/** Drawn at the start and given to nobody: what was made with it says nothing to who does not have it. */
const KEY = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

/** Tells what was signed with one key from what was signed with another. */
const START = crypto.randomUUID().slice(0, 8)

/**
 * What stands for a text without giving it away: equal for equal texts. Whoever knows all of a file but seven characters of
 * a password could try out a plain digest. Made anew at each start: `<start>:<64 hexadecimal digits>`.
 */
export const fingerprint = async (text: string): Promise<string> => `${START}:${await sign(text)}`

/**
 * Tokens of the secrets of a file, by the word before each. Two tokens of one word are equal where the secrets are; they
 * cannot be compared with those of an earlier start of the console.
 */
export async function secretTokens(text: string): Promise<Record<string, string>> {
  const tokens = pairSecrets(text).map(
    async ({ word, secret }) => [word, (await sign(`${word} ${secret}`)).slice(0, 24)] as const,
  )
  return Object.fromEntries(await Promise.all(tokens))
}

async function sign(text: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await KEY, new TextEncoder().encode(text))
  return Array.from(new Uint8Array(signature), (octet) => octet.toString(16).padStart(2, '0')).join(
    '',
  )
}
