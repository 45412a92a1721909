import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

/** The usual private keys, in OpenSSH's order of preference. */
const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const WINDOWS_PIPE = '\\\\.\\pipe\\openssh-ssh-agent'

/** Who the operator is on this machine, as far as SSH asks. */
export interface LocalIdentity {
  home: string
  user: string
  /** Socket, Windows pipe or `pageant`; undefined when there is none. */
  agent: string | undefined
  /** The usual key files that exist now. */
  keyFiles(): readonly string[]
}

/** Reads the environment of this process's user. */
export function localIdentity(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): LocalIdentity {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
  return {
    home,
    user: userName(environment),
    agent: environment['SSH_AUTH_SOCK'] ?? (platform === 'win32' ? windowsAgent() : undefined),
    keyFiles: () => USUAL_KEYS.map((name) => join(home, '.ssh', name)).filter(existsSync),
  }
}

const windowsAgent = (): string => (existsSync(WINDOWS_PIPE) ? WINDOWS_PIPE : 'pageant')

function userName(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username
  } catch {
    // There need not be a line for us in the password file.
    return environment['USER'] ?? environment['USERNAME'] ?? 'root'
  }
}
