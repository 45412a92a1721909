import { describe, expect, it } from 'vitest'
import { Bundle } from '../../../../../main/services/capture/bundle'
import type { Exchange } from '../../../../../main/services/capture/exchanges'
import { parseManifest } from '../../../../../main/services/capture/manifest'

const AMPHORA = '3f0d6c1e-5b5c-4a53-8f0e-1d2b3c4d5e61'
const KEY = (kind: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n{S}\n-----END ${kind}PRIVATE KEY-----`

/** Texts as hosts write them; `{S}` is a secret. What comes of a text is the same with marks, unless it is told. */
const TEXTS: readonly (readonly [string, string, string?])[] = [
  [
    'keepalived.conf',
    'vrrp_instance x {\n  authentication {\n    auth_type PASS\n    auth_pass {S}\n  }\n}\n',
  ],
  ['a quoted auth_pass', 'auth_pass "{S}"\n', 'auth_pass {S}\n'],
  ['keepalived.data', ' VRRP Instance = x\n   Password = {S}\n   Priority = 100\n'],
  ['keepalived.json', '[{"data":{"iname":"x","auth_type":1,"auth_data":"{S}","state":2}}]'],
  ['amphora-agent.conf', '[health_manager]\nheartbeat_key = {S}\nheartbeat_interval = 10\n'],
  ['heartbeat_key in a log', 'agent: started with heartbeat_key={S} port=5555\n'],
  ['octavia.conf, database', '[database]\nconnection = mysql+pymysql://octavia:{S}@db/octavia\n'],
  ['octavia.conf, rabbit', 'transport_url = rabbit://a:{S}@h1:5672,b:{S}@h2:5672/\n'],
  ['octavia.conf, service user', '[service_auth]\npassword = {S}\nusername = octavia\n'],
  ['octavia.conf, certificates', 'ca_private_key_passphrase = {S}\nca_certificate = /etc/x\n'],
  ['octavia.conf, sealing', 'server_certs_key_passphrase: {S}\n'],
  ['memcached', 'memcache_secret_key = {S}\n'],
  ['clouds.yaml', '    auth:\n      password: {S}\n      username: me\n'],
  ['an application credential', 'application_credential_secret: {S}\n'],
  ['an environment', 'export OS_PASSWORD={S}\nexport OS_USERNAME=me\n'],
  ['a token in an environment', 'OS_TOKEN={S}\n'],
  ['a command line', 'openstack --os-password {S} server list\n'],
  ['sshpass', 'sshpass -p {S} ssh ubuntu@10.0.0.1\n'],
  ['a request header', 'X-Auth-Token: {S}\nAccept: */*\n'],
  ['an answer header', 'x-subject-token: {S}\n'],
  ['a header of curl', "curl -H 'X-Auth-Token: {S}' http://10.0.0.1/\n"],
  ['basic authorization', 'Authorization: Basic {S}=\n', 'Authorization: Basic {S}\n'],
  ['bearer authorization', 'Authorization: Bearer {S}\n'],
  ['proxy authorization', 'Proxy-Authorization: Basic {S}\n'],
  ['basic authorization that haproxy sets', '  http-request set-header X "Basic {S}"\n'],
  ['a cookie', 'Cookie: JSESSIONID={S}; theme={S}\n', 'Cookie: {S}\n'],
  ['a cookie that is set', 'Set-Cookie: SRV={S}; Path=/; HttpOnly\n', 'Set-Cookie: {S}\n'],
  [
    'a cookie in JSON',
    '{"headers": {"Cookie": "a={S}", "Host": "x"}}',
    '{"headers": {"Cookie": "{S}", "Host": "x"}}',
  ],
  ['stats auth', 'listen stats\n  stats auth admin:{S}\n  stats uri /stats\n'],
  [
    'a userlist',
    'userlist u\n  user admin insecure-password {S}\n  user guest insecure-password {S} groups g\n',
  ],
  ['a hashed password of haproxy', '  user admin password {S}\n'],
  ['shadow', 'root:$6$aB3dE5gH${S}${S}:19000:0:99999:7:::\n', 'root:{S}:19000:0:99999:7:::\n'],
  ['snmpd.conf', 'rocommunity {S} 10.0.0.0/8\nrwcommunity {S}\n'],
  ['SNMP of a switch', 'snmp-server community {S} RO\n'],
  ['SNMP as a setting', 'snmp_community = {S}\n'],
  ['a URL with credentials', 'fetching https://me:{S}@repo.example/x.rpm\n'],
  ['a proxy', 'http_proxy=http://me:{S}@proxy:3128/\n'],
  [
    'a private key',
    `before\n${KEY('')}\nafter\n`,
    'before\n-----BEGIN PRIVATE KEY-----{S}-----END PRIVATE KEY-----\nafter\n',
  ],
  [
    'an RSA key',
    `${KEY('RSA ')}\n`,
    '-----BEGIN RSA PRIVATE KEY-----{S}-----END RSA PRIVATE KEY-----\n',
  ],
  [
    'an EC key',
    `${KEY('EC ')}\n`,
    '-----BEGIN EC PRIVATE KEY-----{S}-----END EC PRIVATE KEY-----\n',
  ],
  [
    'an OpenSSH key',
    `${KEY('OPENSSH ')}\n`,
    '-----BEGIN OPENSSH PRIVATE KEY-----{S}-----END OPENSSH PRIVATE KEY-----\n',
  ],
  [
    'a sealed key',
    `${KEY('ENCRYPTED ')}\n`,
    '-----BEGIN ENCRYPTED PRIVATE KEY-----{S}-----END ENCRYPTED PRIVATE KEY-----\n',
  ],
  ['a key that was cut', '-----BEGIN PRIVATE KEY-----\n{S}\n{S}', '-----BEGIN PRIVATE KEY-----{S}'],
  ['tcpdump', 'VRRPv2, Advertisement, vrid 1, prio 100, addrs: 10.0.0.1 auth "{S}"\n'],
  ['a Python dictionary', "{'password': '{S}', 'name': 'x'}\n"],
  ['JSON in JSON', '{"body":"{\\"secret\\": \\"{S}\\", \\"id\\": 1}"}'],
  ['a list in JSON', '{"tokens": ["{S}", "{S}"]}', '{"tokens": [{S}]}'],
  ['a query', 'GET /v3?token={S} HTTP/1.1\n'],
  ['an access key', 'aws_secret_access_key = {S}\n'],
  ['an API key', 'api_key: {S}\n'],
  ['a web token', 'seen eyJ{S}.{S}.{S} there\n', 'seen {S} there\n'],
  ['a Fernet token', 'seen gAAAAA{S}{S}{S}{S} there\n', 'seen {S} there\n'],
]
/** Records of the journal: one line of JSON each. */
const RECORDS: readonly (readonly [string, string])[] = [
  ['auth_pass', 'auth_pass {S} is too long'],
  ['a password', 'login with password={S} failed'],
  ['a URL', 'connecting to amqp://octavia:{S}@10.0.0.5:5672'],
  ['a token', 'X-Auth-Token: {S}'],
  ['haproxy', 'stats auth admin:{S}'],
  ['heartbeat_key', "config: {'heartbeat_key': '{S}'}"],
]

/** What was written, by name. */
async function bundled(fill: (bundle: Bundle) => Promise<void> | void) {
  const files = new Map<string, string>()
  const add = (name: string, content: string) => {
    files.set(name, content)
    return Promise.resolve()
  }
  const bundle = new Bundle({ size: 0, add })
  await fill(bundle)
  await bundle.finish({
    ...{ version: '1', cloud: 'c', octaviaMinor: 27, startedAt: 1, stateAt: 2, endedAt: 3 },
    ...{ hours: 24, partial: false, masked: false, ssh: true, amphorae: [], unread: [] },
    loadBalancer: { id: 'lb' },
  })
  return { files, manifest: parseManifest(files.get('manifest.json')!)!, bundle }
}

let planted = 0
const plant = (text: string, secrets: string[]): string =>
  text.replaceAll('{S}', () => {
    const secret = `S3cr${String((planted += 1)).padStart(4, '0')}xYzW`
    secrets.push(secret)
    return secret
  })
const marked = (text: string): string => text.replaceAll('{S}', '‹removed›')
const unnumbered = (text: string): string => text.replaceAll(/‹removed›\d+/g, '‹removed›')

const command = (stdout: string, stderr = ''): Exchange => ({
  ...{ kind: 'command', amphoraId: AMPHORA, host: 'h', command: 'cat file', truncated: false },
  ...{ startedAt: 1, endedAt: 2, exit: 0, stdout, stderr },
})

describe('a bundle', () => {
  it('is tested with sixty secrets and more', () => {
    const all = [...TEXTS, ...RECORDS].map(([, text]) => text)
    expect(all.join('').split('{S}').length - 1).toBeGreaterThan(60)
  })

  it.each<[string, string, string?]>(TEXTS.map((one) => [...one]))(
    'holds nothing of the secret in %s, and all of the rest',
    async (_, text = '', told) => {
      const secrets: string[] = []
      const raw = plant(text, secrets)
      const { files, manifest } = await bundled(async (bundle) => {
        bundle.begin()(command(raw, raw))
        await bundle.addText('amphora-1/file', raw, 0)
        await bundle.addLog({ amphoraId: AMPHORA, name: 'syslog.log', source: 'syslog' }, raw, 0)
      })
      for (const content of files.values())
        for (const secret of secrets) expect(content).not.toContain(secret)
      const expected = marked(told ?? text)
      const [record] = manifest.records
      if (record?.kind !== 'command') throw new Error('One command was kept.')
      for (const content of [
        files.get(record.file!)!,
        record.stderr,
        files.get('amphora-1/file')!,
        files.get(`amphora-${AMPHORA}/syslog.log`)!,
      ])
        expect(unnumbered(content)).toBe(expected)
      expect(manifest.redacted.length).toBeGreaterThan(0)
      expect(record.redacted).toEqual(expect.arrayContaining([...manifest.redacted]))
    },
  )

  it.each<[string, string]>(RECORDS.map((one) => [...one]))(
    'holds nothing of %s in the journal, whose lines stay JSON',
    async (_, text) => {
      const secrets: string[] = []
      const message = plant(text, secrets)
      const octets = [...new TextEncoder().encode(`\u001b[0m ${message}`)]
      const lines = [message, octets].map((said) =>
        JSON.stringify({ __CURSOR: 's=1', MESSAGE: said, _PID: '7' }),
      )
      const { files } = await bundled((bundle) =>
        bundle.addLog(
          { amphoraId: AMPHORA, name: 'j.json', source: 'journal' },
          lines.join('\n'),
          0,
        ),
      )
      const content = files.get(`amphora-${AMPHORA}/j.json`)!
      for (const secret of secrets) expect(content).not.toContain(secret)
      const records = content.split('\n').map((line) => JSON.parse(line) as Record<string, string>)
      expect(records.map(({ MESSAGE = '' }) => unnumbered(MESSAGE))).toEqual([
        marked(text),
        `\u001b[0m ${marked(text)}`,
      ])
    },
  )

  it('holds nothing of the secrets in answers and failures of an API', async () => {
    const body = { name: 'x', password: 'S3cr-body', nested: { token: 'S3cr-token' }, tags: ['a'] }
    const failure = { code: 'internal', message: 'amqp://a:S3cr-url@h refused' } as const
    const asked = { kind: 'request', service: 'network', method: 'GET', path: '/p' } as const
    const request = { ...asked, query: { limit: '1' }, startedAt: 1, endedAt: 2 }
    const { files, manifest } = await bundled((bundle) => {
      bundle.begin()({ ...request, status: 200, body })
      bundle.begin()({ ...request, failure })
    })
    expect([...files.values()].join('')).not.toMatch(/S3cr/)
    const [first] = manifest.records
    if (first?.kind !== 'request') throw new Error('A request was kept.')
    expect(JSON.parse(unnumbered(files.get(first.file!)!))).toEqual({
      ...{ name: 'x', password: '‹removed›', nested: { token: '‹removed›' }, tags: ['a'] },
    })
  })

  it('lets equal passwords be known as equal, by as much of them as keepalived uses', async () => {
    const { files } = await bundled((bundle) => {
      for (const password of ['12345678', '12345678tail', '87654321'])
        bundle.begin()(command(`auth_pass ${password}\n`))
    })
    const texts = [...files].filter(([name]) => name !== 'manifest.json').map(([, text]) => text)
    expect(texts).toEqual([
      'auth_pass ‹removed›1\n',
      'auth_pass ‹removed›1\n',
      'auth_pass ‹removed›2\n',
    ])
  })

  it('keeps records in the order in which they began, whichever ended first', async () => {
    const { manifest } = await bundled((bundle) => {
      const [first, second] = [bundle.begin(), bundle.begin()]
      second({ kind: 'connect', amphoraId: 'b', startedAt: 2, endedAt: 3 })
      first({ kind: 'connect', amphoraId: 'a', startedAt: 1, endedAt: 4 })
    })
    expect(manifest.records.map((record) => 'amphoraId' in record && record.amphoraId)).toEqual([
      'a',
      'b',
    ])
  })
})
