import type { LoadBalancerDetail } from '../../../preload/contract/loadBalancer'

type PoolParts = LoadBalancerDetail['pools'][number]

/** A box of the map, in pixels from its top left corner. */
interface Box {
  top: number
  height: number
}

/** A line between two boxes; `from` and `to` are the heights at which it leaves and arrives. */
export interface Line {
  key: string
  from: number
  to: number
}

/** Where everything goes: columns are drawn by the map, this knows the heights. */
export interface MapLayout {
  height: number
  listeners: (Box & { listener: LoadBalancerDetail['listeners'][number] })[]
  pools: (Box & { pool: PoolParts })[]
  members: (Box & { pool: PoolParts; member: PoolParts['members'][number] })[]
  /** Stands for the members that are folded away. */
  folds: (Box & { pool: PoolParts; count: number })[]
  listenerLines: Line[]
  memberLines: Line[]
}

const LISTENER = 74
const POOL = 92
const MEMBER = 34
const GAP = 10
const BLOCK_GAP = 22
/** Pools with more members than this are folded at first. */
const FOLD_ABOVE = 12

/**
 * Lays listeners, pools and members out so that each pool stands beside its members and each listener beside its pool.
 * A pool that several listeners use is drawn once; pools no listener sends to come last. `unfolded` names pools that
 * show all their members.
 */
export function layOut(
  { listeners, pools }: Pick<LoadBalancerDetail, 'listeners' | 'pools'>,
  unfolded: ReadonlySet<string>,
): MapLayout {
  const layout: MapLayout = {
    height: 0,
    listeners: [],
    pools: [],
    members: [],
    folds: [],
    listenerLines: [],
    memberLines: [],
  }
  let top = 0

  /** One block: a pool, its members, and the listeners that send to it. */
  const addBlock = (users: LoadBalancerDetail['listeners'], pool: PoolParts | undefined) => {
    const shown = pool
      ? unfolded.has(pool.id) || pool.members.length <= FOLD_ABOVE
        ? pool.members
        : pool.members.slice(0, FOLD_ABOVE - 1)
      : []
    const folded = (pool?.members.length ?? 0) - shown.length
    const rows = shown.length + (folded > 0 ? 1 : 0)
    const listenersHeight = stack(users.length, LISTENER)
    const membersHeight = stack(rows, MEMBER)
    const height = Math.max(listenersHeight, pool ? POOL : 0, membersHeight)

    const poolTop = top + (height - POOL) / 2
    const middle = poolTop + POOL / 2
    if (pool) layout.pools.push({ pool, top: poolTop, height: POOL })
    users.forEach((listener, at) => {
      const place = top + (height - listenersHeight) / 2 + at * (LISTENER + GAP)
      layout.listeners.push({ listener, top: place, height: LISTENER })
      if (pool)
        layout.listenerLines.push({ key: listener.id, from: place + LISTENER / 2, to: middle })
    })
    if (pool) {
      const first = top + (height - membersHeight) / 2
      shown.forEach((member, at) => {
        const place = first + at * (MEMBER + GAP)
        layout.members.push({ pool, member, top: place, height: MEMBER })
        layout.memberLines.push({
          key: `${pool.id} ${member.id}`,
          from: middle,
          to: place + MEMBER / 2,
        })
      })
      if (folded > 0)
        layout.folds.push({
          pool,
          count: folded,
          top: first + shown.length * (MEMBER + GAP),
          height: MEMBER,
        })
    }
    top += height + BLOCK_GAP
  }

  const placed = new Set<string>()
  for (const listener of listeners) {
    if (placed.has(listener.id)) continue
    const pool = pools.find(({ id }) => id === listener.defaultPoolId)
    const users = pool ? listeners.filter((one) => one.defaultPoolId === pool.id) : [listener]
    for (const user of users) placed.add(user.id)
    addBlock(users, pool)
  }
  const used = new Set(listeners.map((listener) => listener.defaultPoolId))
  for (const pool of pools) if (!used.has(pool.id)) addBlock([], pool)

  layout.height = Math.max(0, top - BLOCK_GAP)
  return layout
}

const stack = (count: number, size: number): number =>
  count === 0 ? 0 : count * size + (count - 1) * GAP
