import type { SshHop, SshProfile } from '../../../preload/contract/ssh'

/** A jump host while it is edited; `key` keeps rows apart while they are moved. */
export interface HopDraft {
  key: number
  host: string
  port: number | undefined
  user: string
  keyFile: string
}

/** An SSH profile while it is edited: empty texts stand for what is left out. */
export interface ProfileDraft {
  user: string
  port: number | undefined
  keyFile: string
  useAgent: boolean
  usePassword: boolean
  useConfigFile: boolean
  acceptNewAmphorae: boolean
  jumps: HopDraft[]
}

/** The form's view of a profile. */
export function draftOf(profile: SshProfile): ProfileDraft {
  return {
    user: profile.user ?? '',
    port: profile.port,
    keyFile: profile.keyFile ?? '',
    useAgent: profile.useAgent,
    usePassword: profile.usePassword,
    useConfigFile: profile.useConfigFile,
    acceptNewAmphorae: profile.acceptNewAmphorae ?? false,
    jumps: profile.jumps.map((hop, key) => ({
      key,
      host: hop.host,
      port: hop.port,
      user: hop.user ?? '',
      keyFile: hop.keyFile ?? '',
    })),
  }
}

/** The profile that a form stands for; what is empty is left out. Not checked. */
export function profileOf(draft: ProfileDraft): SshProfile {
  const { useAgent, usePassword, useConfigFile, acceptNewAmphorae } = draft
  return {
    ...login(draft),
    useAgent,
    usePassword,
    useConfigFile,
    ...(acceptNewAmphorae && { acceptNewAmphorae }),
    jumps: draft.jumps.map((hop): SshHop => ({ host: hop.host.trim(), ...login(hop) })),
  }
}

function login({ user, port, keyFile }: Pick<ProfileDraft, 'user' | 'port' | 'keyFile'>) {
  return {
    ...(user.trim() && { user: user.trim() }),
    ...(port !== undefined && { port }),
    ...(keyFile.trim() && { keyFile: keyFile.trim() }),
  }
}
