import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** PEM texts of a certificate and its key. */
export interface KeyPair {
  certificate: string
  key: string
}

/** A certificate authority of our own, made by openssl for one run of the tests. */
export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'authority-'))
  readonly certificate: string
  private serial = 1

  constructor(name: string) {
    this.openssl(
      'req',
      '-x509',
      ...newKey('ca.key'),
      '-out',
      this.path('ca.pem'),
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
    )
    this.certificate = this.read('ca.pem')
  }

  /** A certificate for the given names, such as `IP:127.0.0.1`, that ends so many days from now. */
  issue(commonName: string, names: readonly string[], days: number): KeyPair {
    const id = `c${(this.serial += 1)}`
    this.openssl(
      'req',
      ...newKey(`${id}.key`),
      '-out',
      this.path(`${id}.csr`),
      '-subj',
      `/CN=${commonName}`,
    )
    writeFileSync(this.path('ext.cnf'), `subjectAltName=${names.join(',')}\n`)
    const end = new Date(Date.now() + days * 86_400_000)
    const start = new Date(Math.min(Date.now(), end.getTime()) - 86_400_000)
    writeFileSync(this.path('index.txt'), '')
    writeFileSync(
      this.path('ca.cnf'),
      `[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`,
    )
    this.openssl(
      'ca',
      '-batch',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-in',
      `${id}.csr`,
      '-out',
      `${id}.pem`,
      '-notext',
      '-startdate',
      stamp(start),
      '-enddate',
      stamp(end),
      '-extfile',
      'ext.cnf',
    )
    return { certificate: this.read(`${id}.pem`), key: this.read(`${id}.key`) }
  }

  /** Writes a text beside the certificates and answers its path. */
  file(name: string, text: string): string {
    writeFileSync(this.path(name), text)
    return this.path(name)
  }

  private openssl(...parameters: string[]): void {
    execFileSync('openssl', parameters, { cwd: this.folder, stdio: 'pipe' })
  }

  private path(name: string): string {
    return join(this.folder, name)
  }

  private read(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }
}

const newKey = (file: string): string[] => [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-keyout',
  file,
]

/** `20260131235959Z`, as openssl wants it. */
const stamp = (date: Date): string => `${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`
