/** A mapping as it was read from a file. */
export type Mapping = Readonly<Record<string, unknown>>

/** Whether a value is a mapping: not a list, not nothing. */
export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Merges mappings at every depth; the second one wins (openstacksdk 4.0, `config/_util.py: merge_clouds`). */
export function mergeDeep(lower: Mapping, upper: Mapping): Mapping {
  const merged: Record<string, unknown> = { ...lower }
  for (const [key, value] of Object.entries(upper)) {
    const below = merged[key]
    merged[key] = isMapping(value) && isMapping(below) ? mergeDeep(below, value) : value
  }
  return merged
}

/** Merges `auth` key by key and takes everything else whole (`config/loader.py: _auth_update`). */
export function mergeAuth(lower: Mapping, upper: Mapping): Mapping {
  const [below, above] = [lower['auth'], upper['auth']]
  const auth =
    isMapping(below) && isMapping(above)
      ? { ...below, ...above }
      : isMapping(above)
        ? above
        : (below ?? above)
  return { ...lower, ...upper, ...(auth !== undefined && { auth }) }
}

/** Writes every key with underscores (`config/_util.py: normalize_keys`). */
export function withUnderscores(mapping: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [
      key.replaceAll('-', '_'),
      isMapping(value) ? withUnderscores(value) : value,
    ]),
  )
}

/** A scalar as text; undefined for nothing, for an empty text and for anything that is no scalar. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The first of the keys that has a text. */
export function pick(mapping: Mapping, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(mapping[key])
    if (text !== undefined) return text
  }
  return undefined
}

/** Fills `{name}` from the mapping, as Python's `str.format` would; names that are not there stay as they are. */
export function fill(text: string, mapping: Mapping): string {
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found: string, name?: string) =>
    name === undefined ? found.slice(0, 1) : (textOf(mapping[name]) ?? found),
  )
}
