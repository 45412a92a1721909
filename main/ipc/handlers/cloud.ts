import type { Contract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/contract/channel'
import type { CloudSessions } from '../../services/clouds/cloudSessions'
import type { CloudTest } from '../../services/clouds/cloudTest'
import type { Clouds } from '../../services/clouds/clouds'
import type { SshProfiles } from '../../services/sshProfiles'

type Entries = Extract<keyof Contract, `cloud.${string}`>

/** Answers what the page asks of clouds. */
export const cloudHandlers = (
  clouds: Clouds,
  sessions: CloudSessions,
  test: CloudTest,
  profiles: Pick<SshProfiles, 'remove' | 'rename'>,
) =>
  ({
    'cloud.list': () => clouds.list(),
    'cloud.read': ({ cloud }) => clouds.read(cloud),
    'cloud.save': async ({ form, previous }) => {
      await clouds.save(form, previous)
      // An open session would go on as the cloud was written before.
      if (previous === undefined) return
      await sessions.close(previous)
      await profiles.rename(previous, form.name)
    },
    'cloud.remove': async ({ cloud }) => {
      await clouds.remove(cloud)
      await sessions.close(cloud)
      await profiles.remove(cloud)
    },
    'cloud.test': (input, signal) =>
      test.run(
        () =>
          'cloud' in input ? clouds.find(input.cloud) : clouds.draft(input.form, input.previous),
        signal,
      ),
    'cloud.open': ({ cloud }, signal) => sessions.open(cloud, signal),
    'cloud.close': ({ cloud }) => sessions.close(cloud),
    'cloud.follow': (_input, signal) => sessions.follow(signal),
    'cloud.projects': ({ cloud }, signal) => sessions.projects(cloud, signal),
    'cloud.projectNames': ({ cloud }, signal) => sessions.projectNames(cloud, signal),
    'cloud.switchProject': ({ cloud, projectId }, signal) =>
      sessions.switchProject(cloud, projectId, signal),
    'cloud.arm': ({ cloud, minutes }) => sessions.arm(cloud, minutes),
    'cloud.disarm': ({ cloud }) => sessions.disarm(cloud),
  }) satisfies Pick<Handlers<Contract>, Entries>
