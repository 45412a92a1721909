import { describe, expect, it } from 'vitest'
import type { CloudFilesFound } from '../../../../../main/platform/cloudFiles'
import { parseConfigFile } from '../../../../../main/platform/configSyntax'
import { configuredClouds } from '../../../../../main/services/clouds/configured'
import { summaryOf } from '../../../../../main/services/clouds/definition'

const file = (path: string, yaml: string) => ({ path, content: parseConfigFile(path, yaml) })

function read(
  clouds: string,
  {
    secure,
    vendors,
    environment = {},
  }: { secure?: string; vendors?: string; environment?: Record<string, string> } = {},
) {
  const found: CloudFilesFound = {
    clouds: file('clouds.yaml', clouds),
    ...(secure && { secure: file('secure.yaml', secure) }),
    ...(vendors && { vendors: file('clouds-public.yaml', vendors) }),
    looked: [],
  }
  return configuredClouds(found, environment)
}

const one = (...parameters: Parameters<typeof read>) => read(...parameters).clouds[0]!

describe('configuredClouds', () => {
  it('reads a cloud as openstackclient writes it', () => {
    const cloud = one(`
clouds:
  prod:
    auth:
      auth_url: https://keystone.example:5000/v3
      username: noc
      password: "p{a}ss"
      project_name: web
      user_domain_name: Corp
      project_domain_id: default
    region_name: hn1
    interface: internal
    cacert: ~/ca.pem
    identity_api_version: 3
`)
    expect(cloud).toEqual({
      name: 'prod',
      source: 'file',
      path: 'clouds.yaml',
      authUrl: 'https://keystone.example:5000/v3',
      authType: 'password',
      region: 'hn1',
      interfaces: ['internal'],
      tls: { insecure: false, caFile: '~/ca.pem' },
      services: {},
      credentials: {
        type: 'password',
        user: { name: 'noc', domain: { name: 'Corp' } },
        password: 'p{a}ss',
        scope: { project: { name: 'web', domain: { id: 'default' } } },
      },
    })
  })

  it('gives the page no secret', () => {
    const cloud = one(`
clouds: {a: {auth: {auth_url: 'http://k', username: u, password: s3cret, project_name: p}}}`)
    expect(summaryOf(cloud)).toEqual({
      name: 'a',
      source: 'file',
      path: 'clouds.yaml',
      authUrl: 'http://k',
      authType: 'password',
      userName: 'u',
      projectName: 'p',
      insecure: false,
    })
  })

  it('merges secure.yaml over the clouds at every depth', () => {
    const { credentials, region } = one(
      `clouds: {a: {auth: {auth_url: 'http://k', username: u, password: old}, region_name: r}}`,
      { secure: `clouds: {a: {auth: {password: new}}}` },
    )
    expect(credentials).toMatchObject({ user: { name: 'u' }, password: 'new' })
    expect(region).toBe('r')
  })

  it('puts a profile of clouds-public.yaml below the cloud, auth key by key', () => {
    const cloud = one(
      `clouds: {a: {profile: corp, interface: admin, auth: {username: u, password: p}}}`,
      {
        vendors: `public-clouds: {corp: {auth: {auth_url: 'http://{region_name}.k', username: x}, interface: internal, region_name: hn1}}`,
      },
    )
    expect(cloud).toMatchObject({
      authUrl: 'http://hn1.k',
      interfaces: ['admin'],
      region: 'hn1',
      credentials: { user: { name: 'u' } },
    })
  })

  it('names a profile that is nowhere', () => {
    expect(
      one(`clouds: {a: {cloud: elsewhere, auth: {username: u, password: p}}}`).problem,
    ).toMatchObject({
      reason: 'cloud.profileUnknown',
      values: { profile: 'elsewhere' },
    })
  })

  it('understands old names, dashes and one domain for both', () => {
    const cloud = one(`
clouds:
  a:
    auth-type: v3password
    endpoint-type: internalURL
    auth: {auth-url: 'http://k', username: u, password: p, tenant-name: web, domain_name: Corp}
`)
    expect(cloud).toMatchObject({
      authUrl: 'http://k',
      interfaces: ['internal'],
      credentials: {
        user: { domain: { name: 'Corp' } },
        scope: { project: { name: 'web', domain: { name: 'Corp' } } },
      },
    })
  })

  it.each([
    ['project_id: p1', { project: { id: 'p1' } }],
    ['project_name: p, project_domain_name: D', { project: { name: 'p', domain: { name: 'D' } } }],
    ['project_name: p', { project: { name: 'p', domain: { id: 'default' } } }],
    ['domain_id: d1', { domain: { id: 'd1' } }],
    ['system_scope: all', { system: { all: true } }],
    ['trust_id: t1', { 'OS-TRUST:trust': { id: 't1' } }],
  ])('scopes the token by %s', (options, scope) => {
    const { credentials } = one(
      `clouds: {a: {auth: {auth_url: 'http://k', user_id: u, password: p, ${options}}}}`,
    )
    expect(credentials).toMatchObject({ user: { id: 'u' }, scope })
  })

  it.each([
    [
      'auth_type: v3applicationcredential',
      'application_credential_id: i, application_credential_secret: s',
      'applicationCredential',
    ],
    [
      'interface: public',
      'application_credential_id: i, application_credential_secret: s',
      'applicationCredential',
    ],
    ['auth_type: v3token', 'token: t', 'token'],
    ['auth_type: token', 'token: t', 'token'],
    ['auth_type: none', 'endpoint: "http://octavia:9876", project_id: p', 'none'],
    ['auth_type: password', 'username: u, password: p', 'password'],
  ])('signs in by what %s and %s say', (option, auth, type) => {
    const cloud = one(`clouds: {a: {${option}, auth: {auth_url: 'http://k', ${auth}}}}`)
    expect(cloud.problem).toBeUndefined()
    expect(cloud.credentials?.type).toBe(type)
  })

  it('takes the endpoint for every service where there is no Keystone', () => {
    const cloud = one(`clouds: {a: {auth_type: none, auth: {endpoint: 'http://octavia:9876'}}}`)
    expect(cloud).toMatchObject({
      authUrl: 'http://octavia:9876',
      services: { 'load-balancer': { url: 'http://octavia:9876' } },
    })
  })

  it('names a way to sign in that it does not speak', () => {
    expect(
      one(`clouds: {a: {auth_type: v3oidcpassword, auth: {auth_url: 'http://k'}}}`).problem,
    ).toMatchObject({
      reason: 'cloud.unsupportedAuth',
      values: { authType: 'v3oidcpassword' },
    })
  })

  it.each([
    [`{auth: {username: u, password: p}}`, 'auth_url'],
    [`{auth: {auth_url: 'http://k', username: u}}`, 'password'],
    [`{auth: {auth_url: 'http://k', password: p}}`, 'username'],
    [`{auth: {auth_url: keystone, username: u, password: p}}`, 'auth_url'],
    [`{}`, 'password'],
  ])('says what %s lacks', (entry, fields) => {
    expect(one(`clouds: {a: ${entry}}`).problem).toMatchObject({
      reason: 'cloud.incomplete',
      values: { fields },
    })
  })

  it('keeps the other clouds when one is nonsense', () => {
    const { clouds } = read(
      `clouds: {a: [], b: {auth: {auth_url: 'http://k', username: u, password: p}}}`,
    )
    expect(clouds.map(({ problem }) => problem?.reason)).toEqual(['cloud.fileMalformed', undefined])
  })

  it('lists a cloud once for each region, with what is different there', () => {
    const { clouds } = read(`
clouds:
  a:
    auth: {auth_url: 'http://{region_name}.k', username: u, password: p}
    regions: [one, {name: two, values: {interface: internal, auth: {project_id: p2}}}]
`)
    expect(clouds).toMatchObject([
      { name: 'a', region: 'one', authUrl: 'http://one.k', interfaces: ['public'] },
      {
        name: 'a/two',
        region: 'two',
        authUrl: 'http://two.k',
        interfaces: ['internal'],
        credentials: { user: { name: 'u' }, scope: { project: { id: 'p2' } } },
      },
    ])
  })

  it('names a region entry that cannot be read', () => {
    expect(
      one(`clouds: {a: {auth: {auth_url: 'http://k'}, regions: [{name: x, colour: red}]}}`).problem,
    ).toMatchObject({ reason: 'cloud.region' })
  })

  it.each([
    ['insecure: true', true],
    ['insecure: "True"', true],
    ['verify: false', true],
    ['verify: no', true],
    ['verify: true, insecure: false', false],
    ['insecure: 1', false],
  ])('reads %s', (option, insecure) => {
    expect(one(`clouds: {a: {${option}}}`).tls.insecure).toBe(insecure)
  })

  it('reads what is said of one service', () => {
    const { services } = one(`
clouds:
  a:
    load-balancer-endpoint-override: http://lb/
    network_interface: admin
    network_region_name: net
    load_balancer_service_type: load-balancer-v2
`)
    expect(services).toEqual({
      'load-balancer': { url: 'http://lb/', type: 'load-balancer-v2' },
      network: { interfaces: ['admin'], region: 'net' },
    })
  })

  it('keeps ids that look like numbers as they are written', () => {
    const cloud = one(
      `clouds: {a: {auth: {auth_url: 'http://k', user_id: 0123, password: 1e5, project_id: 12345678901234567890123456789012}}}`,
    )
    expect(cloud.credentials).toMatchObject({
      user: { id: '0123' },
      password: '1e5',
      scope: { project: { id: '12345678901234567890123456789012' } },
    })
  })

  it('leaves braces alone that name nothing', () => {
    expect(one(`clouds: {a: {auth: {auth_url: 'http://{nobody}.k/{{x}}'}}}`).authUrl).toBe(
      'http://{nobody}.k/{x}',
    )
  })

  describe('from the environment', () => {
    const OS = {
      OS_AUTH_URL: 'http://k',
      OS_USERNAME: 'u',
      OS_PASSWORD: 'p',
      OS_TENANT_NAME: 'web',
    }

    it('makes a cloud, and prefers it', () => {
      const { clouds, preferred } = read(`clouds: {a: {}, b: {}}`, {
        environment: { ...OS, OS_USER_DOMAIN_ID: 'd', OS_INSECURE: 'true', OS_REGION_NAME: 'hn1' },
      })
      expect(preferred).toBe('envvars')
      expect(clouds[2]).toMatchObject({
        name: 'envvars',
        source: 'environment',
        region: 'hn1',
        tls: { insecure: true },
        credentials: {
          user: { name: 'u', domain: { id: 'd' } },
          scope: { project: { name: 'web' } },
        },
      })
    })

    it('makes none of variables that only choose', () => {
      const environment = { OS_CLOUD: 'b', OS_REGION_NAME: 'r', OS_TEST_PATH: '/x', OS_LOG_X: '1' }
      const { clouds, preferred } = read(`clouds: {a: {}, b: {}}`, { environment })
      expect(clouds.map(({ name, region }) => [name, region])).toEqual([
        ['a', 'r'],
        ['b', 'r'],
      ])
      expect(preferred).toBe('b')
    })

    it('names the clash with a cloud of the files', () => {
      const { clouds } = read(`clouds: {mine: {}}`, {
        environment: { ...OS, OS_CLOUD_NAME: 'mine' },
      })
      expect(clouds.at(-1)).toMatchObject({
        name: 'mine (environment)',
        problem: { reason: 'cloud.exists' },
      })
    })
  })

  it('prefers the only cloud, and none of several', () => {
    expect(read(`clouds: {a: {}}`).preferred).toBe('a')
    expect(read(`clouds: {a: {}, b: {}}`).preferred).toBeUndefined()
  })

  it('prefers the region that OS_REGION_NAME names', () => {
    const environment = { OS_CLOUD: 'a', OS_REGION_NAME: 'two' }
    expect(read(`clouds: {a: {regions: [one, two]}}`, { environment }).preferred).toBe('a/two')
  })
})
