import { textOf } from './attributes'
import { Refusal } from './refusal'
import type { Shape } from './shapes'

/** What a list can be filtered and sorted by: scalar attributes, and references to parents. */
export interface Listing {
  /** Such as `loadbalancers`: the root key and the last part of the links' path. */
  plural: string
  /** URL of the list without its query. */
  url: string
  items: readonly Shape[]
  /** Attributes that filter and sort. */
  attributes: readonly string[]
  /** Attributes that filter though an item does not show them as such. */
  also?: Readonly<Record<string, (item: Shape) => unknown>>
}

const CONTROLS = [
  'limit',
  'marker',
  'page_reverse',
  'sort',
  'sort_key',
  'sort_dir',
  'fields',
  'tags',
  'tags-any',
  'not-tags',
  'not-tags-any',
]
const MAXIMUM = 1000

/** A page of a list by the rules of Octavia 11.0.0, with its traps: facts of octavia/api/common/pagination.py. */
export function page(listing: Listing, query: URLSearchParams): Shape {
  const limit = readLimit(query.get('limit'))
  const order = readOrder(query)
  const { plural } = listing
  checkNames(listing, query, order)
  let items = listing.items.filter((item) => matches(listing, item, query))
  items = sorted(items, order)

  const marker = query.get('marker')
  if (marker !== null) {
    const at = items.findIndex(({ id }) => id === marker)
    const isKnown = at >= 0 || listing.items.some(({ id }) => id === marker)
    if (!isKnown) throw Refusal.fault(400, `Supplied pagination marker '${marker}' is not valid.`)
    items = items.slice(at + 1)
  }
  const shown = items.slice(0, limit ?? MAXIMUM)
  const links: { href: string; rel: string }[] = []
  const last = shown.at(-1)
  if (limit !== undefined && shown.length === limit && last) {
    const sort = query.get('sort')
    const parts = [
      `limit=${limit}`,
      ...(sort ? [`sort=${sort}`] : []),
      `marker=${String(last['id'])}`,
    ]
    links.push({ href: `${listing.url}?${parts.join('&')}`, rel: 'next' })
  }
  const fields = query.getAll('fields')
  return {
    [plural]: fields.length ? shown.map((item) => project(item, fields)) : shown,
    [`${plural}_links`]: links,
  }
}

/** Only the attributes that were asked for; a list with commas asks for none that exists. */
export const project = (item: Shape, fields: readonly string[]): Shape =>
  Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name)))

function readLimit(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^-?\d+$/.test(text)) {
    throw Refusal.hook(400, 'Bad Request', `Supplied pagination limit '${text}' is not valid.`)
  }
  const limit = Number(text)
  if (limit < 1) {
    throw Refusal.fault(500, "'>=' not supported between instances of 'int' and 'NoneType'")
  }
  return Math.min(limit, MAXIMUM)
}

function readOrder(query: URLSearchParams): [string, string][] {
  const sort = query.get('sort')
  const pairs: [string, string][] = sort
    ? sort.split(',').map((part) => {
        const [key = '', direction = 'asc'] = part.split(':')
        return [key, direction]
      })
    : query.getAll('sort_key').map((key, index) => [key, query.getAll('sort_dir')[index] ?? 'asc'])
  for (const [, direction] of pairs) {
    if (direction !== 'asc' && direction !== 'desc') {
      throw Refusal.hook(400, 'Bad Request', `Supplied sort direction '${direction}' is not valid.`)
    }
  }
  return pairs
}

/** Filters and sort keys are known or refused, whether there are items or not. */
function checkNames(
  { attributes, also = {} }: Listing,
  query: URLSearchParams,
  order: [string, string][],
): void {
  for (const [key] of order) {
    if (!attributes.includes(key)) {
      throw Refusal.fault(400, `Supplied sort key '${key}' is not valid.`)
    }
  }
  const isKnown = (name: string) => attributes.includes(name) || name in also
  if (filters(query).some((name) => !isKnown(name))) {
    throw Refusal.fault(400, 'One or more arguments are either duplicate or invalid')
  }
}

const filters = (query: URLSearchParams): string[] =>
  [...new Set(query.keys())].filter((name) => !CONTROLS.includes(name))

function sorted(items: Shape[], order: [string, string][]): Shape[] {
  const keys = [...order.map(([key]) => key), 'created_at', 'id']
  return items.sort((one, other) => {
    for (const [index, key] of keys.entries()) {
      const [left, right] = [sortable(one[key]), sortable(other[key])]
      if (left === right) continue
      const up = left < right ? -1 : 1
      return order[index]?.[1] === 'desc' ? -up : up
    }
    return 0
  })
}

const sortable = (value: unknown): string =>
  typeof value === 'number' ? String(value).padStart(12, '0') : textOf(value)

const matches = ({ also = {} }: Listing, item: Shape, query: URLSearchParams): boolean =>
  filters(query).every((name) => same(also[name]?.(item) ?? item[name], query.get(name) ?? '')) &&
  matchesTags(item, query)

const same = (value: unknown, asked: string): boolean =>
  typeof value === 'boolean'
    ? String(value) === asked.toLowerCase()
    : Array.isArray(value)
      ? value.includes(asked)
      : textOf(value) === asked

function matchesTags(item: Shape, query: URLSearchParams): boolean {
  const has = (item['tags'] ?? []) as string[]
  const asked = (name: string) => query.get(name)?.split(',')
  const all = asked('tags')
  const any = asked('tags-any')
  const notAll = asked('not-tags')
  const notAny = asked('not-tags-any')
  return (
    (!all || all.every((tag) => has.includes(tag))) &&
    (!any || any.some((tag) => has.includes(tag))) &&
    (!notAll || !notAll.every((tag) => has.includes(tag))) &&
    (!notAny || !notAny.some((tag) => has.includes(tag)))
  )
}
