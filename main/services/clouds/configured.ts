import { AppError } from '../../../preload/contract/error'
import type { CloudFilesFound } from '../../platform/cloudFiles'
import { define } from './define'
import type { CloudDefinition } from './definition'
import { environmentCloud } from './environmentCloud'
import { isMapping, mergeAuth, mergeDeep, textOf, type Mapping } from './merge'
import { regionsOf, type Region } from './regions'

/** The clouds of the files and of the environment, and the one that would be chosen without asking. */
export interface Configured {
  clouds: CloudDefinition[]
  preferred?: string
}

/**
 * Merges what was found as openstacksdk's loader does: profile below cloud below secure.yaml, `auth` key by key.
 * A cloud of several regions is listed once for each: the first under its own name, the others as `name/region`.
 */
export function configuredClouds(
  found: CloudFilesFound,
  environment: Readonly<Record<string, string | undefined>>,
): Configured {
  const merged = mergeDeep(found.clouds?.content ?? {}, found.secure?.content ?? {})
  const entries = isMapping(merged['clouds']) ? merged['clouds'] : {}
  const profiles = found.vendors?.content['public-clouds']
  const path = found.clouds?.path ?? found.secure?.path ?? ''
  const clouds = Object.entries(entries).flatMap(([name, entry]) =>
    ofFile(name, entry, path, isMapping(profiles) ? profiles : {}, environment['OS_REGION_NAME']),
  )

  const ofEnvironment = environmentCloud(environment)
  if (ofEnvironment) {
    const taken = clouds.some(({ name }) => name === ofEnvironment.name)
    const { name } = ofEnvironment
    const problem = AppError.because('cloud.exists', name, { values: { name } }).toFailure()
    clouds.push(
      taken ? { ...ofEnvironment, name: `${name} (environment)`, problem } : ofEnvironment,
    )
  }
  const chosen =
    textOf(environment['OS_CLOUD']) ??
    ofEnvironment?.name ??
    (Object.keys(entries).length === 1 ? Object.keys(entries)[0] : undefined)
  const preferred = chosen && inRegion(clouds, chosen, environment['OS_REGION_NAME'])
  return { clouds, ...(preferred && { preferred }) }
}

function ofFile(
  name: string,
  entry: unknown,
  path: string,
  profiles: Mapping,
  defaultRegion: string | undefined,
): CloudDefinition[] {
  const origin = { name, source: 'file', path } as const
  if (!isMapping(entry)) {
    const values = { path, line: 1 }
    const message = `clouds.${name} is not a mapping.`
    return [
      define(origin, {}, AppError.because('cloud.fileMalformed', message, { values }).toFailure()),
    ]
  }
  const profileName = textOf(entry['profile']) ?? textOf(entry['cloud'])
  const profile = profileName ? profiles[profileName] : undefined
  const whole = mergeAuth(isMapping(profile) ? profile : {}, entry)
  // The loader goes on without an unknown profile; the address is what it is needed for.
  const problem =
    profileName && !isMapping(profile) && !hasAuthUrl(whole)
      ? AppError.because('cloud.profileUnknown', profileName, {
          values: { profile: profileName },
        }).toFailure()
      : undefined

  let regions: Region[]
  try {
    regions = regionsOf(entry)
    if (!regions.length) regions = regionsOf(whole)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return [
      define(
        origin,
        whole,
        AppError.because('cloud.region', message, { values: { region: message } }).toFailure(),
      ),
    ]
  }
  if (!regions.length) {
    const withRegion = defaultRegion ? { ...whole, region_name: defaultRegion } : whole
    return [define(origin, withRegion, problem)]
  }
  return regions.map((region, index) =>
    define(
      { ...origin, name: index ? `${name}/${region.name}` : name },
      mergeAuth({ ...whole, regions: undefined }, { ...region.values, region_name: region.name }),
      problem,
    ),
  )
}

function inRegion(
  clouds: readonly CloudDefinition[],
  name: string,
  region: string | undefined,
): string | undefined {
  const other = `${name}/${region ?? ''}`
  return (
    clouds.find((cloud) => cloud.name === other)?.name ??
    clouds.find((cloud) => cloud.name === name)?.name
  )
}

function hasAuthUrl(cloud: Mapping): boolean {
  const { auth } = cloud
  return Boolean(textOf(cloud['auth_url']) ?? (isMapping(auth) && textOf(auth['auth_url'])))
}
