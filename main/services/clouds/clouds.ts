import type { CloudForm, CloudSummary } from '../../../preload/contract/cloud'
import { AppError, type Failure } from '../../../preload/contract/error'
import type { CloudFiles } from '../../platform/cloudFiles'
import type { JsonFile } from '../../platform/files'
import { recorded } from '../recorded'
import type { Audit } from '../safety'
import type { Secrets } from '../secrets'
import { configuredClouds } from './configured'
import { summaryOf, type CloudDefinition } from './definition'
import { defineOwn, describeForm, secretOf, withoutSecret, type OwnClouds } from './own'

/** What `Clouds` is made of. */
export interface CloudsDependencies {
  files: CloudFiles
  environment: Readonly<Record<string, string | undefined>>
  own: JsonFile<OwnClouds>
  secrets: Secrets
  audit: Audit
  /** Clouds from elsewhere, such as the demo cloud; read anew each time. */
  extra: () => readonly CloudDefinition[]
}

interface CloudList {
  clouds: CloudSummary[]
  files: { path: string; failure?: Failure }[]
  preferred?: string
}

/**
 * The clouds an operator can open: built in, made in the console, found in files and in the environment.
 * Files are read anew each time. A name that is taken twice keeps its meaning for the console's own cloud.
 */
export class Clouds {
  constructor(private readonly dependencies: CloudsDependencies) {}

  /** Without any secret. @throws AppError `store.unreadable` */
  async list(): Promise<CloudList> {
    const { definitions, files, preferred } = await this.all()
    return {
      clouds: definitions.map(summaryOf),
      files,
      ...(preferred && { preferred }),
    }
  }

  /**
   * The cloud with its secret, ready to be opened.
   * @throws AppError `cloud.unknown`, its `problem`, `secrets.*`, `store.unreadable`
   */
  async find(name: string): Promise<CloudDefinition> {
    const form = (await this.dependencies.own.read()).find((own) => own.name === name)
    const isExtra = this.dependencies.extra().some((extra) => extra.name === name)
    const definition =
      form && !isExtra
        ? defineOwn(form, await this.dependencies.secrets.read(name))
        : (await this.all()).definitions.find((one) => one.name === name)
    if (!definition) throw AppError.because('cloud.unknown', name, { values: { name } })
    if (definition.problem) throw AppError.fromFailure(definition.problem)
    return definition
  }

  /**
   * What a form would become if it were saved; a secret left out is the one that `previous` has.
   * @throws AppError `secrets.*`, `cloud.incomplete`, `cloud.notOwn`, `cloud.unknown`, `store.unreadable`
   */
  async draft(form: CloudForm, previous: string | undefined): Promise<CloudDefinition> {
    const before = previous === undefined ? undefined : (await this.read(previous)).form
    // A password is no token: another way to sign in needs a secret of its own.
    const same = before && before.auth.type === form.auth.type
    const stored = same ? await this.dependencies.secrets.read(before.name) : undefined
    const definition = defineOwn(form, secretOf(form) ?? stored)
    if (definition.problem) {
      throw AppError.because('cloud.incomplete', 'No secret.', { values: { fields: 'secret' } })
    }
    return definition
  }

  /** An own cloud as it was saved. @throws AppError `cloud.notOwn`, `cloud.unknown`, `store.unreadable` */
  async read(name: string): Promise<{ form: CloudForm; hasSecret: boolean }> {
    const form = (await this.dependencies.own.read()).find((own) => own.name === name)
    if (!form) throw await this.notOwn(name)
    return { form: withoutSecret(form), hasSecret: await this.dependencies.secrets.has(name) }
  }

  /**
   * Adds an own cloud or replaces `previous`, under the same name or another one; kept in the audit log.
   * @throws AppError `cloud.exists` when the name is another cloud's, `cloud.notOwn`, `cloud.unknown`, `store.*`
   */
  async save(form: CloudForm, previous: string | undefined): Promise<void> {
    const stored = (await this.dependencies.own.read()).find((one) => one.name === previous)
    const start = aboutCloud(form.name, 'cloud.save', describeForm(stored, form))
    await recorded(this.dependencies.audit, start, () => this.write(form, previous))
  }

  /** Kept in the audit log. @throws AppError `cloud.notOwn`, `cloud.unknown`, `store.*` */
  async remove(name: string): Promise<void> {
    const start = aboutCloud(name, 'cloud.remove', [])
    await recorded(this.dependencies.audit, start, async () => {
      await this.read(name)
      await this.dependencies.own.update((all) => all.filter((one) => one.name !== name))
      await this.dependencies.secrets.forget(name)
    })
  }

  private async write(form: CloudForm, previous: string | undefined): Promise<void> {
    const { own, secrets } = this.dependencies
    const { name } = form
    const before = previous === undefined ? undefined : (await this.read(previous)).form
    if (name !== previous) {
      const { definitions } = await this.all()
      if (definitions.some((one) => one.name === name)) {
        throw AppError.because('cloud.exists', name, { values: { name } })
      }
    }
    const secret = secretOf(form)
    // The secret first: a cloud without its secret asks for it, a secret without its cloud is forgotten below.
    if (previous !== undefined && previous !== name) await secrets.rename(previous, name)
    if (secret !== undefined) await secrets.write(name, secret)
    else if (before && before.auth.type !== form.auth.type) await secrets.forget(name)
    const kept = withoutSecret(form)
    await own.update((all) =>
      previous === undefined
        ? [...all, kept]
        : all.map((one) => (one.name === previous ? kept : one)),
    )
  }

  private async all() {
    const { files, environment, own, secrets, extra } = this.dependencies
    const found = await files.find()
    const configured = configuredClouds(found, environment)
    const ownClouds = await Promise.all(
      (await own.read()).map(async (form) =>
        // Nothing is unsealed for a list: that may ask the operator something.
        defineOwn(form, (await secrets.has(form.name)) ? '' : undefined),
      ),
    )
    const definitions: CloudDefinition[] = []
    for (const definition of [...extra(), ...ownClouds, ...configured.clouds]) {
      const { name, source } = definition
      const taken = definitions.some((one) => one.name === name)
      definitions.push(taken ? { ...definition, name: `${name} (${source})` } : definition)
    }
    return { definitions, files: found.looked, preferred: configured.preferred }
  }

  private async notOwn(name: string): Promise<AppError> {
    const { definitions } = await this.all()
    const reason = definitions.some((one) => one.name === name) ? 'cloud.notOwn' : 'cloud.unknown'
    return AppError.because(reason, name, { values: { name } })
  }
}

const aboutCloud = (cloud: string, action: string, notes: string[]) => ({
  cloud,
  action,
  object: { kind: 'cloud', id: cloud, name: cloud },
  notes,
})
