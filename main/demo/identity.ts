import { createHash, randomBytes, randomUUID } from 'node:crypto'

export const newId = (): string => randomUUID()

/** Lower-case hexadecimal digits, as Keystone's ids and systemd's 128-bit ids. */
export const newHex = (digits = 32): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)

/** A hardware address with the prefix that Neutron uses. */
export const newMac = (): string => ['fa', '16', '3e', newHex(2), newHex(2), newHex(2)].join(':')

/** Name of an amphora in haproxy's `peers` section: Octavia 11.0.0, octavia/common/utils.py `base64_sha1_string`. */
export const peerName = (amphoraId: string): string =>
  createHash('sha1')
    .update(amphoraId)
    .digest('base64')
    .replaceAll('+', '_')
    .replaceAll('/', '-')
    .replace(/=+$/, '')
    .replace(/^-/, 'x')
