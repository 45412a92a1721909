import type { Handlers } from '../../../preload/contract/channel'
import type { ssh } from '../../../preload/contract/ssh'
import type { HostKeys } from '../../services/hostKeys'
import type { Prompts } from '../../services/prompts'
import type { SshHosts } from '../../services/sshHosts'
import type { SshProfiles } from '../../services/sshProfiles'

/** What the handlers need. */
export interface SshServices {
  profiles: SshProfiles
  hosts: Pick<SshHosts, 'close'>
  hostKeys: HostKeys
  prompts: Prompts
}

/** Answers the page's calls about SSH. */
export const sshHandlers = ({
  profiles,
  hosts,
  hostKeys,
  prompts,
}: SshServices): Handlers<typeof ssh> => ({
  'ssh.readProfile': async ({ cloud }) => ({
    profile: await profiles.read(cloud),
    builtIn: profiles.isBuiltIn(cloud),
  }),
  'ssh.saveProfile': async ({ cloud, profile }) => {
    await profiles.save(cloud, profile)
    // What is open was opened by the old profile.
    hosts.close(cloud)
  },
  'ssh.knownHosts': ({ cloud }) => hostKeys.list(cloud),
  'ssh.forgetHost': ({ cloud, subject }) => hostKeys.forget(cloud, subject),
  'prompt.follow': async function* (_input, signal) {
    for await (const open of prompts.follow(signal)) yield [...open]
  },
  'prompt.answer': ({ id, answer }) => {
    prompts.answer(id, answer)
    return Promise.resolve()
  },
})
