import { rmSync } from 'node:fs'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { once } from 'node:events'
import { Amphorae } from '../../main/services/amphorae'
import { LoadBalancers } from '../../main/services/loadBalancers'
import { AMPHORA, LOAD_BALANCER } from '../support/octaviaBodies'
import { aCloud, openClouds } from '../support/openClouds'
import { LIST, SmallCloud } from '../support/smallCloud'
import { say, sideBySide, timed } from './sideBySide'

const COUNT = 1000
const PAGE = 500
const ROUNDS = 31

const AMPHORAE = '/load-balancer/v2.0/octavia/amphorae'
const LISTS = [
  { path: LIST, key: 'loadbalancers', count: COUNT },
  { path: AMPHORAE, key: 'amphorae', count: 2 * COUNT },
]

if (isMainThread) await compare()
else await offer()

/** A cloud in a thread of its own; it answers pages that were written before. */
async function offer(): Promise<void> {
  const cloud = await SmallCloud.start()
  const idOf = (index: number) => `eda5c29b-d69e-497d-a81c-${String(index).padStart(12, '0')}`
  const objects: Record<string, { id: string }[]> = {
    loadbalancers: Array.from({ length: COUNT }, (_, index) => ({
      ...LOAD_BALANCER,
      id: idOf(index),
      name: `lb${index}`,
    })),
    amphorae: Array.from({ length: 2 * COUNT }, (_, index) => ({
      ...AMPHORA,
      id: idOf(index),
      loadbalancer_id: idOf(index >> 1),
    })),
  }
  for (const { path, key } of LISTS) {
    const all = objects[key] ?? []
    const pages = new Map<string, string>()
    cloud.instead.set(path, ({ url }, response) => {
      let page = pages.get(url)
      if (page === undefined) {
        const query = new URL(url, cloud.url).searchParams
        const marker = query.get('marker')
        const from = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1
        const until = from + Number(query.get('limit') ?? all.length)
        page = JSON.stringify({
          [key]: all.slice(from, until),
          [`${key}_links`]: until < all.length ? [{ rel: 'next', href: cloud.url }] : [],
        })
        pages.set(url, page)
      }
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(page)
    })
  }
  parentPort?.postMessage(cloud.url)
}

async function compare(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url))
  const [url] = (await once(worker, 'message')) as [string]
  const { signal } = new AbortController()
  const { sessions, folder } = openClouds({ definitions: [aCloud(url)] })
  try {
    await sessions.open('alpha', signal)
    const loadBalancers = new LoadBalancers(sessions)
    const amphorae = new Amphorae(sessions)
    const { consoleMs, bareMs, ratio } = await sideBySide(
      ROUNDS,
      () =>
        timed(async () => {
          const [balancers, machines] = await Promise.all([
            loadBalancers.list('alpha', signal),
            amphorae.list('alpha', undefined, signal),
          ])
          if (balancers.loadBalancers.length !== COUNT || machines.amphorae.length !== 2 * COUNT)
            throw new Error('Not all were listed.')
        }),
      // The same pages, both lists beside each other as well.
      () => timed(() => Promise.all(LISTS.map((list) => fetchPages(url, list)))),
    )
    say(
      `listing ${COUNT} load balancers with their amphorae (${(3 * COUNT) / PAGE} pages): ${consoleMs.toFixed(1)} ms, fetch and JSON.parse ${bareMs.toFixed(1)} ms; time ratio ${ratio.toFixed(2)} (goal 1.2)`,
    )
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Only what is needed to get at all pages: each names the next by its last id. */
async function fetchPages(
  url: string,
  { path, key, count }: (typeof LISTS)[number],
): Promise<void> {
  let marker = ''
  for (let read = 0; read < count;) {
    const answer = await fetch(`${url}${path}?limit=${PAGE}${marker}`)
    const page = JSON.parse(await answer.text()) as Record<string, { id: string }[]>
    const items = page[key] ?? []
    read += items.length
    marker = `&marker=${items.at(-1)?.id ?? ''}`
  }
}
