import { describe, expect, it } from 'vitest'
import { CloudForm } from '../../../../../preload/contract/cloud'
import {
  brokenRules,
  draftOf,
  emptyDraft,
  formOf,
} from '../../../../../renderer/components/cloud/formDraft'

const base = { name: 'lab', authUrl: 'https://keystone:5000/v3', interface: 'public' as const }

describe('a cloud in the form', () => {
  it.each<CloudForm>([
    {
      ...base,
      insecure: false,
      region: 'RegionOne',
      caFile: '/etc/ca.pem',
      auth: {
        type: 'password',
        userName: 'noc',
        userDomain: 'Default',
        projectName: 'shop',
        projectDomain: 'Default',
      },
    },
    { ...base, insecure: true, auth: { type: 'applicationCredential', id: 'credential' } },
    { ...base, insecure: false, auth: { type: 'token' } },
    { ...base, insecure: false, auth: { type: 'none', projectId: 'project' } },
  ])('comes out as it went in: $auth.type', (form) => {
    expect(formOf(draftOf(form))).toEqual(form)
  })

  it('never shows a secret, and sends one only when it was typed', () => {
    const form: CloudForm = {
      ...base,
      insecure: false,
      auth: { type: 'applicationCredential', id: 'credential', secret: 'hidden' },
    }
    expect(JSON.stringify(draftOf(form))).not.toContain('hidden')
    expect(formOf({ ...draftOf(form), secret: 'typed' }).auth).toHaveProperty('secret', 'typed')
  })

  it('leaves out what is empty, and a project domain without a project', () => {
    const form = formOf({ ...emptyDraft(), ...base, userName: 'noc' })
    expect(form.auth).toEqual({ type: 'password', userName: 'noc', userDomain: 'Default' })
    expect(CloudForm.safeParse(form).success).toBe(true)
  })

  it('has one address of Octavia where there is no catalog', () => {
    const auth = { type: 'none', projectId: 'project' } as const
    const octavia = 'http://octavia:9876'
    const saved = { ...base, insecure: false, auth, loadBalancerUrl: octavia }
    const draft = draftOf(saved)
    expect(formOf(draft)).toEqual({ ...base, insecure: false, auth, authUrl: octavia })
    const before = { ...draftOf({ ...saved, auth: { type: 'token' } }), type: 'none' as const }
    expect(formOf(before)).not.toHaveProperty('loadBalancerUrl')
  })
})

describe('what is wrong with a cloud in the form', () => {
  const good = { ...emptyDraft(), ...base, userName: 'noc', secret: 'typed' }

  it('is nothing when it can be saved', () => {
    expect([...brokenRules(good, false)]).toEqual([])
    expect([...brokenRules({ ...good, secret: '' }, true)]).toEqual([])
  })

  it('is named field by field', () => {
    expect(Object.fromEntries(brokenRules(emptyDraft(), false))).toEqual({
      name: 'missing',
      authUrl: 'url',
      'auth.userName': 'missing',
      secret: 'secret',
    })
    const long = brokenRules({ ...good, region: 'x'.repeat(256) }, false)
    expect([...long]).toEqual([['region', 'tooLong']])
  })

  it.each(['loadBalancerUrl', 'networkUrl'])('is an address in %s that is none', (field) => {
    expect([...brokenRules({ ...good, [field]: 'octavia' }, false)]).toEqual([[field, 'url']])
    expect([...brokenRules({ ...good, [field]: 'http://octavia:9876' }, false)]).toEqual([])
  })
})
