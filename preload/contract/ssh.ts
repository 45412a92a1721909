import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, Id, Instant } from './common'

const port = z.int().min(1).max(65535)

/** One host on the way to an amphora. */
export const SshHop = z.object({
  /** Host name, address or an alias of `~/.ssh/config`. */
  host: z.string().trim().min(1).max(255),
  port: port.optional(),
  user: z.string().trim().max(255).optional(),
  /** Private key on this machine. */
  keyFile: z.string().max(4096).optional(),
})
export type SshHop = z.infer<typeof SshHop>

/** How the amphorae of a cloud are reached. Fields left out come from `~/.ssh/config`, then from the defaults. */
export const SshProfile = z.object({
  /** Login on the amphora; the image's default user. @default ubuntu */
  user: z.string().trim().max(255).optional(),
  /** @default 22 */
  port: port.optional(),
  keyFile: z.string().max(4096).optional(),
  /** Ask the agent of SSH_AUTH_SOCK (Pageant or OpenSSH's pipe on Windows). */
  useAgent: z.boolean(),
  /** Ask for a password when keys do not do. */
  usePassword: z.boolean(),
  /** Read `~/.ssh/config`. */
  useConfigFile: z.boolean(),
  /**
   * Accept the key of an amphora that was never seen without asking: a fleet has hundreds. A changed key is refused all the
   * same, and jump hosts are asked about. @default false
   */
  acceptNewAmphorae: z.boolean().optional(),
  /** In order, the first one is connected from this machine. */
  jumps: z.array(SshHop).max(8),
})
export type SshProfile = z.infer<typeof SshProfile>

/** A host whose key was accepted once. Amphorae are known by their id, other hosts by name and port. */
export const KnownHost = z.object({
  cloud: CloudName,
  subject: z.string(),
  keyType: z.string(),
  /** `SHA256:…` as OpenSSH prints it. */
  fingerprint: z.string(),
  acceptedAt: Instant,
})
export type KnownHost = z.infer<typeof KnownHost>

/** A question that only the operator can answer; the connection waits for it. */
export const Prompt = z.discriminatedUnion('kind', [
  z.object({
    id: Id,
    kind: z.literal('hostKey'),
    cloud: CloudName,
    /** `amphora <id>` or `host:port`. */
    subject: z.string(),
    address: z.string(),
    /** The jump hosts on the way, first to last. */
    via: z.array(z.string()),
    keyType: z.string(),
    fingerprint: z.string(),
  }),
  z.object({ id: Id, kind: z.literal('passphrase'), cloud: CloudName, keyFile: z.string() }),
  z.object({
    id: Id,
    kind: z.literal('password'),
    cloud: CloudName,
    user: z.string(),
    subject: z.string(),
  }),
  z.object({
    id: Id,
    kind: z.literal('keyboardInteractive'),
    cloud: CloudName,
    subject: z.string(),
    /** The server's own words. */
    instruction: z.string(),
    questions: z.array(z.object({ text: z.string(), echo: z.boolean() })),
  }),
])
export type Prompt = z.infer<typeof Prompt>

/** Answers are never logged or stored, except a host key's acceptance. */
export const PromptAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accept') }),
  z.object({ kind: z.literal('refuse') }),
  z.object({ kind: z.literal('texts'), texts: z.array(z.string().max(4096)) }),
])
export type PromptAnswer = z.infer<typeof PromptAnswer>

const inCloud = z.object({ cloud: CloudName })

export const ssh = {
  /** `builtIn`: the profile belongs to the console, as that of the demo cloud does, and cannot be changed. */
  'ssh.readProfile': request(inCloud, z.object({ profile: SshProfile, builtIn: z.boolean() })),
  /** Fails with `ssh.builtInProfile` where it cannot be changed. */
  'ssh.saveProfile': request(inCloud.extend({ profile: SshProfile }), z.void()),
  'ssh.knownHosts': request(inCloud, z.array(KnownHost)),
  /** Forgets the key of one host, so that the next connection asks again. */
  'ssh.forgetHost': request(inCloud.extend({ subject: z.string() }), z.void()),
  /** The open questions, again after each change. */
  'prompt.follow': stream(z.object({}), z.array(Prompt)),
  /** Answers a question; unknown ids are ignored, because another window may have been faster. */
  'prompt.answer': request(z.object({ id: Id, answer: PromptAnswer }), z.void()),
}
