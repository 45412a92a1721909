import { describe, expect, it } from 'vitest'
import { redact, REMOVED } from '../../../../main/domain/redact'

const SECRET = 'tr0ub4dor'

describe('redact', () => {
  it.each([
    ['keepalived.conf', `    auth_type PASS\n    auth_pass ${SECRET}\n  }`, 'auth_pass'],
    ['a quoted auth_pass', `auth_pass "${SECRET} x"\n`, 'auth_pass'],
    ['a configuration inside JSON', `{"conf":"auth_pass ${SECRET}\\n }"}`, 'auth_pass'],
    ['a keepalived dump', `   Password = ${SECRET}\n   Virtual IP (1):`, 'password'],
    ['a keepalived JSON dump', `[{"data":{"auth_type":1,"auth_data":"${SECRET}"}}]`, 'auth_data'],
    ['amphora-agent.conf', `[health_manager]\nheartbeat_key = ${SECRET}\n`, 'heartbeat_key'],
    ['an ini value with spaces', `password = ${SECRET} and ${SECRET}\n`, 'password'],
    ['a prefixed name', `server_certs_key_passphrase = ${SECRET}`, 'password'],
    ['clouds.yaml', `    auth:\n      password: '${SECRET}'\n`, 'password'],
    ['a flow map', `auth: {username: me, password: ${SECRET}, x: 1}`, 'password'],
    ['an environment', `export OS_PASSWORD=${SECRET}\n`, 'password'],
    ['an option', `openstack --os-password ${SECRET} server list`, 'password'],
    ['a query', `GET /?user=me&token=${SECRET}&x=1`, 'token'],
    ['JSON', `{"password": "${SECRET}\\"${SECRET}"}`, 'password'],
    ['JSON that was cut', `{"password": "${SECRET}`, 'password'],
    ['JSON in JSON', `{"body":"{\\"secret\\": \\"${SECRET}\\\\\\"${SECRET}\\"}"}`, 'secret'],
    ['a Python dictionary', `{'password': '${SECRET}', 'name': 'x'}`, 'password'],
    ['a number', '{"secret": 918273645}', 'secret'],
    ['a list', `{"tokens": ["${SECRET}", "${SECRET}"]}`, 'token'],
    ['a request header', `X-Auth-Token: ${SECRET}\r\nHost: x`, 'token'],
    ['an answer header', `x-subject-token: ${SECRET}\n`, 'token'],
    ['a header on a command line', `curl -H 'X-Auth-Token: ${SECRET}' http://x`, 'token'],
    ['basic authorization', `Authorization: Basic ${SECRET}\r\n`, 'authorization'],
    [
      'a database URL',
      `connection = mysql+pymysql://me:${SECRET}@db/octavia`,
      'credentials in URL',
    ],
    ['a transport URL', `rabbit://a:${SECRET}@h1:5672,b:${SECRET}@h2:5672/`, 'credentials in URL'],
    ['a password with an at sign', `http://me:${SECRET}@${SECRET}@host/`, 'credentials in URL'],
    [
      'tcpdump',
      `VRRPv2, prio 100, addrs: 10.77.1.100 auth "${SECRET}"${SECRET}"`,
      'VRRP authentication',
    ],
    ['a user of haproxy', `  user admin insecure-password ${SECRET}\n`, 'password'],
    ['a Fernet token anywhere', `seen gAAAAA${SECRET.repeat(6)} there`, 'token'],
    [
      'a private key',
      `a\n-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n${SECRET}\n-----END RSA PRIVATE KEY-----\nb`,
      'private key',
    ],
    [
      'a private key in JSON',
      `{"k":"-----BEGIN PRIVATE KEY-----\\n${SECRET}\\n-----END PRIVATE KEY-----\\n"}`,
      'private key',
    ],
    [
      'a private key that was cut',
      `-----BEGIN EC PRIVATE KEY-----\n${SECRET}\n${SECRET}`,
      'private key',
    ],
    [
      'an encrypted private key',
      `-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-256-CBC,${SECRET}\n\n${SECRET}\n`,
      'private key',
    ],
  ])('takes the secret out of %s', (_, text, kind) => {
    const { text: clean, found } = redact(text)
    expect(clean).not.toMatch(/tr0ub4dor|918273645/)
    expect(clean).toContain(REMOVED)
    expect(found).toEqual([kind])
    expect(redact(clean)).toEqual({ text: clean, found: [] })
  })

  it.each([
    '(I) received an invalid passwd!',
    'Truncating auth_pass to 8 characters',
    '{"token": {"methods": ["password"], "expires_at": "2026-11-22T08:00:00Z"}}',
    '{"secret_ref": "http://barbican/v1/secrets/1", "password": null}',
    'certificate = /etc/octavia/certs/client.pem\nca_private_key = /etc/octavia/ca.key',
    'Authentication type = SIMPLE_PASSWORD',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'http://10.77.1.100:80/a@b and ssh://debian@10.0.0.4',
    '{"auth_type":1,"auth_failure":0,"invalid_authtype":0}',
  ])('leaves %j as it is', (text) => {
    expect(redact(text)).toEqual({ text, found: [] })
  })

  it('keeps JSON readable', () => {
    const clean = redact('{"auth": {"password": "x\\"y", "secret": 5, "user": "me"}}').text
    expect(JSON.parse(clean)).toEqual({
      auth: { password: REMOVED, secret: REMOVED, user: 'me' },
    })
  })

  it('keeps what stands around the secret', () => {
    const text = `rabbit://a:b@h1:5672/ --token=abc 'X-Auth-Token: abc' end`
    expect(redact(text).text).toBe(
      `rabbit://a:${REMOVED}@h1:5672/ --token=${REMOVED} 'X-Auth-Token: ${REMOVED}' end`,
    )
  })

  it('keeps the lines after a private key that was cut', () => {
    const text = '-----BEGIN PRIVATE KEY-----\nMIIEvQ==\nerror: disk full\n'
    expect(redact(text).text).toBe(`-----BEGIN PRIVATE KEY-----${REMOVED}\nerror: disk full\n`)
  })
})
