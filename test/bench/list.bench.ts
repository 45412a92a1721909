import { rmSync } from 'node:fs'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { once } from 'node:events'
import { LoadBalancers } from '../../main/services/loadBalancers'
import { LOAD_BALANCER } from '../support/octaviaBodies'
import { aCloud, openClouds } from '../support/openClouds'
import { LIST, SmallCloud } from '../support/smallCloud'
import { say, sideBySide, timed } from './sideBySide'

const COUNT = 1000
const ROUNDS = 21

if (isMainThread) await compare()
else await offer()

/** A cloud in a thread of its own; it answers pages that were written before. */
async function offer(): Promise<void> {
  const cloud = await SmallCloud.start()
  const all = Array.from({ length: COUNT }, (_, index) => ({
    ...LOAD_BALANCER,
    id: `eda5c29b-d69e-497d-a81c-${String(index).padStart(12, '0')}`,
    name: `lb${index}`,
  }))
  const pages = new Map<string, string>()
  cloud.instead.set(LIST, ({ url }, response) => {
    let page = pages.get(url)
    if (page === undefined) {
      const query = new URL(url, cloud.url).searchParams
      const marker = query.get('marker')
      const from = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1
      const until = from + Number(query.get('limit') ?? COUNT)
      page = JSON.stringify({
        loadbalancers: all.slice(from, until),
        loadbalancers_links: until < COUNT ? [{ rel: 'next', href: cloud.url }] : [],
      })
      pages.set(url, page)
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(page)
  })
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
    const { requests, ...times } = await listed(url, loadBalancers, signal)
    say(
      `listing ${COUNT} load balancers (${requests} pages): ${times.consoleMs.toFixed(1)} ms, fetch and JSON.parse ${times.bareMs.toFixed(1)} ms; time ratio ${times.ratio.toFixed(2)} (goal 1.2)`,
    )
  } finally {
    await worker.terminate()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function listed(url: string, loadBalancers: LoadBalancers, signal: AbortSignal) {
  let requests = 0
  const times = await sideBySide(
    ROUNDS,
    () =>
      timed(async () => {
        const { loadBalancers: all } = await loadBalancers.list('alpha', signal)
        if (all.length !== COUNT) throw new Error(`${all.length} load balancers were listed.`)
      }),
    () =>
      timed(async () => {
        requests = 0
        let marker = ''
        for (let read = 0; read < COUNT;) {
          const answer = await fetch(`${url}${LIST}?limit=500${marker}`)
          const page = JSON.parse(await answer.text()) as { loadbalancers: { id: string }[] }
          read += page.loadbalancers.length
          marker = `&marker=${page.loadbalancers.at(-1)?.id ?? ''}`
          requests += 1
        }
      }),
  )
  return { ...times, requests }
}
