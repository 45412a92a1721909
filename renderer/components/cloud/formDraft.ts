import { CloudForm, type AuthType } from '../../../preload/contract/cloud'

/** An own cloud while it is edited: every field of every way to sign in, empty texts for what is left out. */
export interface CloudDraft {
  name: string
  authUrl: string
  region: string
  interface: CloudForm['interface']
  type: AuthType
  userName: string
  userDomain: string
  projectName: string
  projectDomain: string
  credentialId: string
  projectId: string
  secret: string
  caFile: string
  certificateFile: string
  keyFile: string
  insecure: boolean
  loadBalancerUrl: string
  networkUrl: string
}

/** A rule that a field can break; its words are under `cloud.rule`. */
export type CloudRule = 'url' | 'tooLong' | 'missing' | 'secret'

/** An empty form. */
export const emptyDraft = (): CloudDraft => ({
  name: '',
  authUrl: '',
  region: '',
  interface: 'public',
  type: 'password',
  userName: '',
  userDomain: 'Default',
  projectName: '',
  projectDomain: 'Default',
  credentialId: '',
  projectId: '',
  secret: '',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  insecure: false,
  loadBalancerUrl: '',
  networkUrl: '',
})

/** The form's view of a saved cloud; its secret stays in main. */
export function draftOf(form: CloudForm): CloudDraft {
  const { auth } = form
  const empty = emptyDraft()
  const shared = {
    ...empty,
    name: form.name,
    authUrl: form.authUrl,
    region: form.region ?? '',
    interface: form.interface,
    type: auth.type,
    caFile: form.caFile ?? '',
    certificateFile: form.certificateFile ?? '',
    keyFile: form.keyFile ?? '',
    insecure: form.insecure,
    loadBalancerUrl: form.loadBalancerUrl ?? '',
    networkUrl: form.networkUrl ?? '',
  }
  switch (auth.type) {
    case 'password':
      return {
        ...shared,
        userName: auth.userName,
        userDomain: auth.userDomain,
        projectName: auth.projectName ?? '',
        projectDomain: auth.projectDomain ?? '',
      }
    case 'applicationCredential':
      return { ...shared, credentialId: auth.id }
    case 'token':
      return {
        ...shared,
        projectName: auth.projectName ?? '',
        projectDomain: auth.projectDomain ?? '',
      }
    case 'none':
      return {
        ...shared,
        // Without a catalog there is nothing to override: Octavia has one address.
        authUrl: form.loadBalancerUrl ?? form.authUrl,
        loadBalancerUrl: '',
        projectId: auth.projectId,
      }
  }
}

/** The cloud that a form stands for. Not checked. Without a typed secret the stored one is kept. */
export function formOf(draft: CloudDraft): CloudForm {
  return {
    name: draft.name.trim(),
    authUrl: draft.authUrl.trim(),
    interface: draft.interface,
    auth: authOf(draft),
    insecure: draft.insecure,
    ...filled('region', draft.region),
    ...filled('caFile', draft.caFile),
    ...filled('certificateFile', draft.certificateFile),
    ...filled('keyFile', draft.keyFile),
    ...(draft.type !== 'none' && filled('loadBalancerUrl', draft.loadBalancerUrl)),
    ...filled('networkUrl', draft.networkUrl),
  }
}

/** The rules that a draft breaks, by path in the contract's CloudForm, such as `auth.userName`. */
export function brokenRules(draft: CloudDraft, hasSecret: boolean): ReadonlyMap<string, CloudRule> {
  const form = formOf(draft)
  const broken = new Map<string, CloudRule>()
  for (const { path, code } of CloudForm.safeParse(form).error?.issues ?? []) {
    const key = path.join('.')
    broken.set(key, key === 'authUrl' ? 'url' : code === 'too_big' ? 'tooLong' : 'missing')
  }
  for (const key of ['loadBalancerUrl', 'networkUrl'] as const)
    if (form[key] !== undefined && !CloudForm.shape.authUrl.safeParse(form[key]).success)
      broken.set(key, 'url')
  if (draft.type !== 'none' && !draft.secret && !hasSecret) broken.set('secret', 'secret')
  return broken
}

function authOf(draft: CloudDraft): CloudForm['auth'] {
  const project = {
    ...filled('projectName', draft.projectName),
    // A domain without a project would ask for a scope that does not exist.
    ...(draft.projectName.trim() && filled('projectDomain', draft.projectDomain)),
  }
  switch (draft.type) {
    case 'password':
      return {
        type: 'password',
        userName: draft.userName.trim(),
        userDomain: draft.userDomain.trim(),
        ...(draft.secret && { password: draft.secret }),
        ...project,
      }
    case 'applicationCredential':
      return {
        type: 'applicationCredential',
        id: draft.credentialId.trim(),
        ...(draft.secret && { secret: draft.secret }),
      }
    case 'token':
      return { type: 'token', ...(draft.secret && { token: draft.secret }), ...project }
    case 'none':
      return { type: 'none', projectId: draft.projectId.trim() }
  }
}

const filled = <K extends string>(key: K, text: string): Partial<Record<K, string>> =>
  text.trim() ? ({ [key]: text.trim() } as Record<K, string>) : {}
