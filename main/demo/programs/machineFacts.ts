import { opensslTime } from '../timestamps'
import type { Program } from './program'

const DAY_MS = 24 * 3600 * 1000
const CERTIFICATE_DAYS = 30
const CA = 'CN = demo-octavia-ca'
const CA_FROM = Date.UTC(2026, 0, 5, 9, 12, 31)
const CA_DAYS = 3650

/** Newer releases of Octavia give their certificates both key identifiers. */
const EXTENSIONS = `Certificate:
    Data:
        X509v3 extensions:
            X509v3 Subject Key Identifier: 
                38:3D:E7:E3:13:3D:1C:79:A2:18:4F:0A:07:91:22:48:56:CD:02:91
            X509v3 Authority Key Identifier: 
                1C:79:A2:18:4F:0A:07:91:22:48:56:CD:02:91:38:3D:E7:E3:13:3D
`

/** `openssl x509 -in …` for the agent's two certificates; both are root's. */
export const openssl: Program = ({ argv, root, machine, out, err }) => {
  const path = argv[argv.indexOf('-in') + 1] ?? ''
  const ends = machine.spec.certificateEnds
  const known: Record<string, readonly [string, string, number, number]> = {
    '/etc/octavia/certs/server.pem': [
      `CN = ${machine.spec.amphoraId}`,
      machine.spec.amphoraId.replaceAll('-', '').toUpperCase(),
      ends - CERTIFICATE_DAYS * DAY_MS,
      ends,
    ],
    '/etc/octavia/certs/client_ca.pem': [
      CA,
      '450366E6D5A1BC02DD43FB556BA1255E7C916260',
      CA_FROM,
      CA_FROM + CA_DAYS * DAY_MS,
    ],
  }
  const certificate = known[path]
  if (argv[0] !== 'x509' || !certificate || !root) {
    const why = certificate ? 'Permission denied' : 'No such file or directory'
    err(`Could not open file or uri for loading certificate from ${path}\n`)
    err(
      `4057A96EBD7F0000:error:80000002:system library:file_open:${why}:../providers/implementations/storemgmt/file_store.c:268:calling stat(${path})\nUnable to load certificate\n`,
    )
    return 1
  }
  const [subject, serial, from, to] = certificate
  out(
    `subject=${subject}\nissuer=${CA}\nserial=${serial}\nnotBefore=${opensslTime(from)}\nnotAfter=${opensslTime(to)}\n`,
  )
  if (argv.includes('-text')) out(EXTENSIONS)
  return 0
}

/** `df -PTB1`: the disk of a small image, and what lies in memory. */
export const df: Program = ({ machine, out }) => {
  const written = [...machine.files.values()].reduce((sum, { text }) => sum + text.length, 0)
  const logs = machine.journal.entries.length * 400
  const row = (device: string, kind: string, size: number, used: number, mount: string) => {
    const percent = `${Math.ceil((used / size) * 100)}%`
    const columns = [String(size).padStart(12), String(used).padStart(11)]
    return `${device.padEnd(14)} ${kind.padEnd(8)}${columns.join(' ')} ${String(size - used).padStart(11)} ${percent.padStart(8)} ${mount}\n`
  }
  out('Filesystem     Type        1-blocks        Used   Available Capacity Mounted on\n')
  out(row('/dev/vda1', 'ext4', 2_067_951_616, 1_392_508_928 + logs + written, '/'))
  out(row('tmpfs', 'tmpfs', 103_374_848, 421_888, '/run'))
  out(row('tmpfs', 'tmpfs', 5_242_880, 0, '/run/lock'))
  return 0
}
