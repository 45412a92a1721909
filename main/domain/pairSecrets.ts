/** Where the secrets stand that amphorae of a pair must have in common, and how much of each is used. */
const SECRETS = [
  // keepalived uses eight characters of a password; of what stands for one in a bundle, all counts.
  ['auth_pass', /^[ \t]*auth_pass[ \t]+"?(‹removed›\d+|[^\s"]{1,8})/m],
  ['heartbeat_key', /^heartbeat_key[ \t]*[=:][ \t]*(\S[^\r\n]*?)[ \t\r]*$/m],
] as const

/** The secrets of a file that both amphorae of a pair must have, each with the word before it. Never to be told. */
export const pairSecrets = (text: string): { word: string; secret: string }[] =>
  SECRETS.flatMap(([word, pattern]) => {
    const [, secret] = pattern.exec(text) ?? []
    return secret === undefined ? [] : [{ word, secret }]
  })
