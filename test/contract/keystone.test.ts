import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { list, passwordAuth, send, signIn, text } from './api'
import type { Target } from './target'
import { TARGETS } from './targets'

describe.each(TARGETS)('Keystone of the $name', ({ open }) => {
  let target: Target
  beforeAll(async () => {
    target = await open()
  }, 60_000)
  afterAll(() => target.close())

  test('offers version 3 at its root with 300, and describes it', async () => {
    const root = await send('GET', target.authUrl.replace('/v3', '/'))
    const version = await send('GET', target.authUrl)

    expect(root.status).toBe(300)
    expect(root.body['versions']!['values']![0]).toMatchObject({ id: 'v3.14', status: 'stable' })
    expect(version.status).toBe(200)
    expect(version.body['version']).toEqual(root.body['versions']!['values']![0])
  })

  test('issues a token with user, project, roles and catalog for a password', async () => {
    const answer = await send('POST', `${target.authUrl}/auth/tokens`, {
      body: passwordAuth(target.member),
    })

    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-subject-token')).toBeTruthy()
    const token = answer.body['token']!
    expect(Object.keys(token)).toEqual([
      'methods',
      'user',
      'audit_ids',
      'expires_at',
      'issued_at',
      'project',
      'is_domain',
      'roles',
      'catalog',
    ])
    expect(token).toMatchObject({
      methods: ['password'],
      user: {
        name: 'member',
        domain: { id: 'default', name: 'Default' },
        password_expires_at: null,
      },
      is_domain: false,
    })
    expect(text(token['expires_at'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    const lifetime = Date.parse(text(token['expires_at'])) - Date.parse(text(token['issued_at']))
    expect(lifetime).toBe(3_600_000)
    expect(
      list(token['roles'])
        .map(({ name }) => text(name))
        .sort(),
    ).toEqual(['load-balancer_member', 'member', 'reader'])
    const types = list(token['catalog']).map(({ type }) => text(type))
    expect(types.sort()).toEqual(['identity', 'load-balancer', 'network'])
    expect(Object.keys(token['catalog']![0]!['endpoints']![0]!).sort()).toEqual([
      'id',
      'interface',
      'region',
      'region_id',
      'url',
    ])
  })

  test('issues a token for an application credential, and refuses a scope with it', async () => {
    const identity = {
      methods: ['application_credential'],
      application_credential: target.applicationCredential,
    }
    const url = `${target.authUrl}/auth/tokens`
    const plain = await send('POST', url, { body: { auth: { identity } } })
    const scoped = await send('POST', url, {
      body: { auth: { identity, scope: { project: { id: 'x' } } } },
    })

    expect(plain.status).toBe(201)
    expect(plain.body['token']).toMatchObject({
      methods: ['application_credential'],
      application_credential: { id: target.applicationCredential.id, restricted: true },
    })
    expect(scoped.status).toBe(401)
    expect(scoped.body).toEqual({
      error: {
        code: 401,
        identity: {},
        message:
          'Error authenticating with application credential: Application credentials cannot request a scope.',
        title: 'Unauthorized',
      },
    })
  })

  test('issues a token for a token, which does not last longer', async () => {
    const api = await signIn(target, target.member)
    const before = await send('GET', `${target.authUrl}/auth/tokens`, {
      token: api.token,
      headers: { 'X-Subject-Token': api.token },
    })
    const answer = await send('POST', `${target.authUrl}/auth/tokens?nocatalog`, {
      body: {
        auth: {
          identity: { methods: ['token'], token: { id: api.token } },
          scope: { project: { name: target.member.projectName, domain: { name: 'Default' } } },
        },
      },
    })

    expect(answer.status).toBe(201)
    expect(list(answer.body['token']!['methods']).map(text).sort()).toEqual(['password', 'token'])
    expect(answer.body['token']!['expires_at']).toBe(before.body['token']!['expires_at'])
    expect(answer.body['token']).not.toHaveProperty('catalog')
  })

  test('leaves a token unscoped where no scope is asked for', async () => {
    const { auth } = passwordAuth(target.member) as { auth: { identity: object } }
    const answer = await send('POST', `${target.authUrl}/auth/tokens`, {
      body: { auth: { identity: auth.identity } },
    })

    expect(answer.status).toBe(201)
    expect(answer.body['token']).not.toHaveProperty('project')
    expect(answer.body['token']).not.toHaveProperty('catalog')
  })

  test.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown project', { projectName: 'nowhere' }],
  ])('refuses %s with 401', async (_, change) => {
    const answer = await send('POST', `${target.authUrl}/auth/tokens`, {
      body: passwordAuth({ ...target.member, ...change }),
    })

    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(`Keystone uri="${target.authUrl}"`)
    expect(answer.body).toEqual({
      error: {
        code: 401,
        message: 'The request you have made requires authentication.',
        title: 'Unauthorized',
      },
    })
  })

  test.each([
    ['{', /^Expecting to find valid JSON in request body\./],
    ['{}', /^Expecting to find auth in request body\./],
  ])('refuses the body %s with 400', async (body, words) => {
    const answer = await send('POST', `${target.authUrl}/auth/tokens`, { body })

    expect(answer.status).toBe(400)
    expect(answer.body['error']!['message']).toMatch(words)
  })

  test('does not know a token that is none', async () => {
    const answer = await send('POST', `${target.authUrl}/auth/tokens`, {
      body: { auth: { identity: { methods: ['token'], token: { id: 'x' } } } },
    })

    expect(answer.status).toBe(404)
    expect(answer.body).toEqual({
      error: { code: 404, message: 'Could not recognize Fernet token', title: 'Not Found' },
    })
  })

  test('forgets a token that was revoked', async () => {
    const api = await signIn(target, target.member)
    const headers = { 'X-Subject-Token': api.token }
    const revoked = await send('DELETE', `${target.authUrl}/auth/tokens`, {
      token: api.token,
      headers,
    })
    const after = await send('GET', `${target.authUrl}/auth/projects`, { token: api.token })

    expect(revoked.status).toBe(204)
    expect(after.status).toBe(401)
  })

  test('lists the projects of a user', async () => {
    const api = await signIn(target, target.member)
    const answer = await send('GET', `${target.authUrl}/auth/projects`, { token: api.token })

    expect(answer.status).toBe(200)
    expect(Object.keys(answer.body).sort()).toEqual(['links', 'projects'])
    expect(answer.body['projects']![0]).toMatchObject({
      name: target.member.projectName,
      domain_id: 'default',
      enabled: true,
      is_domain: false,
    })
  })

  test('lists all projects to an administrator only', async () => {
    const path = `${target.authUrl}/projects`
    const admin = await signIn(target, target.admin)
    const all = await send('GET', path, { token: admin.token })
    const member = await signIn(target, target.member)
    const refused = await send('GET', path, { token: member.token })

    expect(all.status).toBe(200)
    expect(Object.keys(all.body).sort()).toEqual(['links', 'projects'])
    expect(list(all.body['projects']).map(({ name }) => text(name))).toEqual(
      expect.arrayContaining([target.admin.projectName, target.member.projectName]),
    )
    expect(refused.status).toBe(403)
    expect(refused.body['error']).toMatchObject({ code: 403, title: 'Forbidden' })
  })
})
