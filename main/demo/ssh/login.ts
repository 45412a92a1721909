import { timingSafeEqual } from 'node:crypto'
import ssh2, { type AuthContext } from 'ssh2'

/** Lets one user in by one public key, as sshd does: everything else is told which methods remain. */
export function loginBy(user: string, publicKey: string): (context: AuthContext) => void {
  const allowed = ssh2.utils.parseKey(publicKey)
  if (allowed instanceof Error) throw allowed
  const key = allowed.getPublicSSH()
  return (context) => {
    if (context.method !== 'publickey' || context.username !== user) {
      context.reject(['publickey'])
      return
    }
    const isSame = key.length === context.key.data.length && timingSafeEqual(key, context.key.data)
    const isSigned =
      context.signature === undefined ||
      (context.blob !== undefined &&
        allowed.verify(context.blob, context.signature, context.hashAlgo))
    if (isSame && isSigned) context.accept()
    else context.reject(['publickey'])
  }
}
