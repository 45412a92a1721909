import ssh2 from 'ssh2'

/** An Ed25519 key pair in OpenSSH's formats. */
export interface KeyPair {
  /** PEM text. */
  privateKey: string
  /** One line of authorized_keys. */
  publicKey: string
}

export function newKeyPair(comment: string): KeyPair {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    // ssh2 1.17 writes one key in some hundred so that neither it nor OpenSSH can read it.
    if (ssh2.utils.parseKey(made.private) instanceof Error) continue
    return { privateKey: made.private, publicKey: made.public }
  }
}
