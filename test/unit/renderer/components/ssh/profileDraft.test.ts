import { expect, it } from 'vitest'
import { SshProfile } from '../../../../../preload/contract/ssh'
import { draftOf, profileOf } from '../../../../../renderer/components/ssh/profileDraft'

const profile: SshProfile = {
  user: 'ubuntu',
  useAgent: true,
  usePassword: false,
  useConfigFile: true,
  jumps: [
    { host: 'bastion', port: 2222 },
    { host: '10.0.0.5', user: 'noc' },
  ],
}

it('keeps a profile through the form', () => {
  expect(profileOf(draftOf(profile))).toEqual(profile)
})

it('leaves a jump host without a name for the rules to refuse', () => {
  const draft = draftOf(profile)
  draft.jumps[0]!.host = ' '
  const issues = SshProfile.safeParse(profileOf(draft)).error?.issues ?? []
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['jumps.0.host'])
})
