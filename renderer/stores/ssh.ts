import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { AppError } from '../../preload/contract/error'
import type { KnownHost, SshProfile } from '../../preload/contract/ssh'
import { request } from '../api/client'

/** How the amphorae of the cloud on screen are reached, and the host keys that were accepted there. */
export const useSsh = defineStore('ssh', () => {
  const cloud = ref('')
  /** Undefined until main has answered. */
  const profile = shallowRef<SshProfile>()
  /** Whether the profile is the console's own and cannot be changed. */
  const builtIn = ref(false)
  const knownHosts = shallowRef<readonly KnownHost[]>()
  const failure = shallowRef<AppError>()

  /** Reads profile and known hosts of a cloud; another cloud never inherits them. */
  async function load(from: string): Promise<void> {
    if (from !== cloud.value) profile.value = knownHosts.value = undefined
    cloud.value = from
    try {
      const [read, hosts] = await Promise.all([
        request('ssh.readProfile', { cloud: from }),
        request('ssh.knownHosts', { cloud: from }),
      ])
      if (cloud.value !== from) return
      profile.value = read.profile
      builtIn.value = read.builtIn
      knownHosts.value = hosts
      failure.value = undefined
    } catch (error) {
      if (cloud.value === from) failure.value = AppError.from(error)
    }
  }

  /** @throws AppError */
  async function save(changed: SshProfile): Promise<void> {
    await request('ssh.saveProfile', { cloud: cloud.value, profile: changed })
    profile.value = changed
  }

  /** Forgets the key of a host; the next connection asks again. @throws AppError */
  async function forget(subject: string): Promise<void> {
    await request('ssh.forgetHost', { cloud: cloud.value, subject })
    knownHosts.value = knownHosts.value?.filter((host) => host.subject !== subject)
  }

  return { cloud, profile, builtIn, knownHosts, failure, load, save, forget }
})
