import { z } from 'zod'
import { CloudForm } from '../../../preload/contract/cloud'
import { AppError } from '../../../preload/contract/error'
import { describeChange, type Fields } from '../describeChange'
import type { Credentials, CloudDefinition, Domain, Scope } from './definition'

/** The clouds made in the console, as they are written down: forms without their secrets. */
export type OwnClouds = readonly CloudForm[]

/** @throws ZodError when it is not what `Clouds` writes */
export const parseOwnClouds = (value: unknown): OwnClouds => z.array(CloudForm).parse(value)

/** The domain that openstackclient assumes where none is named. */
const DEFAULT_DOMAIN: Domain = { id: 'default' }

/** The secret of a form, where one was typed. */
export function secretOf({ auth }: CloudForm): string | undefined {
  switch (auth.type) {
    case 'password':
      return auth.password
    case 'applicationCredential':
      return auth.secret
    case 'token':
      return auth.token
    case 'none':
      return undefined
  }
}

/** The form as it may be written to a file and shown again. */
export function withoutSecret(form: CloudForm): CloudForm {
  const { auth } = form
  switch (auth.type) {
    case 'password':
      return { ...form, auth: { ...auth, password: undefined } }
    case 'applicationCredential':
      return { ...form, auth: { ...auth, secret: undefined } }
    case 'token':
      return { ...form, auth: { ...auth, token: undefined } }
    case 'none':
      return form
  }
}

/** What saving a form changes, one line per field, for the audit log. Of a secret it says only that there is a new one. */
export function describeForm(before: CloudForm | undefined, form: CloudForm): string[] {
  const secret = secretOf(form) === undefined ? [] : ['secret: new']
  return [...describeChange(before && fieldsOf(before), fieldsOf(form)), ...secret]
}

function fieldsOf(form: CloudForm): Fields {
  const { auth, ...fields } = withoutSecret(form)
  return {
    ...fields,
    ...Object.fromEntries(Object.entries(auth).map(([k, v]) => [`auth.${k}`, v])),
  }
}

/** The definition of an own cloud. Without its secret it has the problem `secrets.locked`. */
export function defineOwn(form: CloudForm, secret: string | undefined): CloudDefinition {
  const { name, authUrl, region, caFile, certificateFile, keyFile, insecure } = form
  const credentials = credentialsOf(form, secret)
  return {
    name,
    source: 'own',
    authUrl,
    ...(region && { region }),
    interfaces: [form.interface],
    authType: form.auth.type,
    tls: {
      insecure,
      ...(caFile && { caFile }),
      ...(certificateFile && { certificateFile }),
      ...(keyFile && { keyFile }),
    },
    services: {
      ...((form.loadBalancerUrl || form.auth.type === 'none') && {
        'load-balancer': { url: form.loadBalancerUrl || authUrl },
      }),
      ...(form.networkUrl && { network: { url: form.networkUrl } }),
    },
    ...(credentials
      ? { credentials }
      : { problem: AppError.because('secrets.locked', name, { values: { name } }).toFailure() }),
  }
}

function credentialsOf({ auth }: CloudForm, secret: string | undefined): Credentials | undefined {
  if (auth.type === 'none') return { type: 'none', projectId: auth.projectId }
  if (secret === undefined) return undefined
  if (auth.type === 'applicationCredential') {
    return { type: auth.type, credential: { id: auth.id }, secret }
  }
  const scope = scopeOf(auth.projectName, auth.projectDomain)
  if (auth.type === 'token') return { type: auth.type, token: secret, ...(scope && { scope }) }
  return {
    type: auth.type,
    user: { name: auth.userName, domain: domainOf(auth.userDomain) },
    password: secret,
    ...(scope && { scope }),
  }
}

const scopeOf = (name: string | undefined, domain: string | undefined): Scope | undefined =>
  name ? { project: { name, domain: domainOf(domain) } } : undefined

const domainOf = (name: string | undefined): Domain => (name ? { name } : DEFAULT_DOMAIN)
