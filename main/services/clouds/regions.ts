import { isMapping, textOf, type Mapping } from './merge'

/** A region of a cloud, and what is different there. */
export interface Region {
  name: string
  values: Mapping
}

/**
 * The regions a cloud names: `regions` as names or as `{name, values}`, else `region_name`, which
 * old files write as a list with commas (openstacksdk 4.0, `config/loader.py: _get_known_regions`).
 * Empty when it names none.
 * @throws Error that quotes an entry it cannot read
 */
export function regionsOf(cloud: Mapping): Region[] {
  const { regions, region_name: name } = cloud
  if (Array.isArray(regions)) return regions.map(regionOf)
  if (Array.isArray(name)) return name.map(regionOf)
  return (textOf(name) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => ({ name: one, values: {} }))
}

function regionOf(entry: unknown): Region {
  if (isMapping(entry)) {
    const name = textOf(entry['name'])
    const others = Object.keys(entry).filter((key) => key !== 'name' && key !== 'values')
    const values = entry['values'] ?? {}
    if (name && !others.length && isMapping(values)) return { name, values }
    throw new Error(`Invalid region entry: ${name ?? Object.keys(entry).join(', ')}`)
  }
  const name = textOf(entry)
  if (!name) throw new Error('Invalid region entry')
  return { name, values: {} }
}
