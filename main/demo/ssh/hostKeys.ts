import ssh2 from 'ssh2'

/** An Ed25519 key pair in OpenSSH's formats. */
export interface KeyPair {
  /** PEM text. */
  privateKey: string
  /** One line of authorized_keys. */
  publicKey: string
}

export function newKeyPair(comment: string): KeyPair {
  const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
  return { privateKey: made.private, publicKey: made.public }
}
