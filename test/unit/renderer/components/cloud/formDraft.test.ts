import { describe, expect, it } from 'vitest'
import { CloudForm } from '../../../../../preload/contract/cloud'
import { draftOf, emptyDraft, formOf } from '../../../../../renderer/components/cloud/formDraft'

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
})
