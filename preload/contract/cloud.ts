import { z } from 'zod'
import { request, stream } from './channel'
import { CloudName, FailureValue, Id, Instant } from './common'

export const AuthType = z.enum(['password', 'applicationCredential', 'token', 'none'])
export type AuthType = z.infer<typeof AuthType>

/** A cloud the operator can open, from wherever it was found. */
export const CloudSummary = z.object({
  name: CloudName,
  /** `file`: clouds.yaml; `environment`: OS_*; `own`: made in the console; `demo`: the built-in one. */
  source: z.enum(['file', 'environment', 'own', 'demo']),
  /** The file it was read from; absent for other sources. */
  path: z.string().optional(),
  authUrl: z.string(),
  region: z.string().optional(),
  authType: AuthType,
  userName: z.string().optional(),
  projectName: z.string().optional(),
  /** Certificates are not verified. */
  insecure: z.boolean(),
  /** Why it cannot be opened as it is written. */
  problem: FailureValue.optional(),
})
export type CloudSummary = z.infer<typeof CloudSummary>

const text = z.string().trim().max(255)
const optionalText = text.optional()
const secret = z.string().max(4096).optional()

/** How an own cloud is written down. A secret left out on saving keeps the stored one. */
export const CloudForm = z.object({
  name: CloudName,
  authUrl: z.url({ protocol: /^https?$/ }),
  region: optionalText,
  interface: z.enum(['public', 'internal', 'admin']),
  auth: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('password'),
      userName: text.min(1),
      userDomain: text.min(1),
      password: secret,
      projectName: optionalText,
      projectDomain: optionalText,
    }),
    z.object({
      type: z.literal('applicationCredential'),
      id: text.min(1),
      secret,
    }),
    z.object({
      type: z.literal('token'),
      token: secret,
      projectName: optionalText,
      projectDomain: optionalText,
    }),
    /** Octavia without Keystone (`auth_strategy = noauth`): the endpoint is `authUrl`. */
    z.object({ type: z.literal('none'), projectId: text.min(1) }),
  ]),
  /** Paths of PEM files on this machine. */
  caFile: optionalText,
  certificateFile: optionalText,
  keyFile: optionalText,
  insecure: z.boolean(),
  /** Endpoints that override the catalog. */
  loadBalancerUrl: optionalText,
  networkUrl: optionalText,
})
export type CloudForm = z.infer<typeof CloudForm>

export const Project = z.object({
  id: Id,
  name: z.string(),
  domainId: z.string(),
  enabled: z.boolean(),
})
export type Project = z.infer<typeof Project>

/** An open cloud: who we are there and what it can do. */
export const CloudSession = z.object({
  cloud: CloudName,
  source: CloudSummary.shape.source,
  userName: z.string(),
  project: z.object({ id: Id, name: z.string() }).optional(),
  roles: z.array(z.string()),
  /** When the token ends; absent without Keystone. It is renewed before, where that is possible. */
  expiresAt: Instant.optional(),
  octavia: z.object({
    url: z.string(),
    /** Highest API version offered, such as `v2.26`. */
    version: z.string(),
    /** Its minor number; 0 when the API does not tell. */
    minor: z.int(),
  }),
  /** Whether Neutron is in the catalog. */
  network: z.boolean(),
  /** Whether the amphora API answers these credentials; the failure says why not. */
  amphorae: z.object({ allowed: z.boolean(), failure: FailureValue.optional() }),
  /** Changes are allowed until then; absent in read-only mode. */
  armedUntil: Instant.optional(),
  /** The last call failed like this; absent when it succeeded. */
  failure: FailureValue.optional(),
})
export type CloudSession = z.infer<typeof CloudSession>

export const TEST_STEPS = ['dns', 'tcp', 'tls', 'keystone', 'catalog', 'octavia', 'role'] as const

/** What a step can find; its words are under `cloud.test.found`. */
export const TEST_FINDINGS = [
  'addresses',
  'proxy',
  'connectedTo',
  'protocol',
  'subject',
  'issuer',
  'validTo',
  'untrusted',
  'user',
  'project',
  'roles',
  'octavia',
  'neutron',
  'version',
] as const
export type TestFinding = (typeof TEST_FINDINGS)[number]

/** What there is to say about an outcome, such as why a step was not tried; its words are under `cloud.test.note`. */
export const TEST_NOTES = [
  'earlierFailed',
  'plainHttp',
  'plainHttpHere',
  'expiresSoon',
  'noKeystone',
  'noNetwork',
  'noVersion',
  'amphoraeListed',
  'amphoraeRefused',
] as const

/** One step of the connection test; steps come in order, each first as `running`. */
export const TestStep = z.object({
  step: z.enum(TEST_STEPS),
  outcome: z.enum(['running', 'ok', 'warning', 'failed', 'skipped']),
  /** What was found, as machine text. */
  found: z.array(z.object({ name: z.enum(TEST_FINDINGS), value: z.string() })),
  note: z.enum(TEST_NOTES).optional(),
  /** Absent for a step that still runs or was not tried. */
  durationMs: z.number().optional(),
  failure: FailureValue.optional(),
})
export type TestStep = z.infer<typeof TestStep>

const named = z.object({ cloud: CloudName })

export const cloud = {
  /** Every cloud that is configured, and what is wrong with the files that were looked at. */
  'cloud.list': request(
    z.object({}),
    z.object({
      clouds: z.array(CloudSummary),
      files: z.array(z.object({ path: z.string(), failure: FailureValue.optional() })),
      /** The cloud that OS_CLOUD or a single entry chooses. */
      preferred: CloudName.optional(),
    }),
  ),
  /** An own cloud as it was saved, without its secrets. */
  'cloud.read': request(named, z.object({ form: CloudForm, hasSecret: z.boolean() })),
  /** Adds an own cloud, or replaces `previous`. */
  'cloud.save': request(z.object({ form: CloudForm, previous: CloudName.optional() }), z.void()),
  /** Removes an own cloud with its secrets. */
  'cloud.remove': request(named, z.void()),
  /** Tries a cloud step by step and names the step that fails. */
  'cloud.test': stream(
    z.union([named, z.object({ form: CloudForm, previous: CloudName.optional() })]),
    TestStep,
  ),
  /** Signs in and finds out what the cloud offers. Opening an open cloud answers its session. */
  'cloud.open': request(named, CloudSession),
  /** Signs out: forgets the token, closes its SSH connections. */
  'cloud.close': request(named, z.void()),
  /** The session of every open cloud, again after each change. */
  'cloud.follow': stream(z.object({}), z.array(CloudSession)),
  /** The projects this user may switch to. */
  'cloud.projects': request(named, z.array(Project)),
  /** Every project whose name these credentials may know; of all there are, where they may be listed. */
  'cloud.projectNames': request(named, z.array(Project.pick({ id: true, name: true }))),
  'cloud.switchProject': request(named.extend({ projectId: Id }), CloudSession),
  /** Allows changes for some minutes. */
  'cloud.arm': request(named.extend({ minutes: z.int().min(1).max(480) }), CloudSession),
  /** Back to read-only. */
  'cloud.disarm': request(named, CloudSession),
}
