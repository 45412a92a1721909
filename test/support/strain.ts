import type { CDPSession, Page } from '@playwright/test'
import { WebSocket } from 'ws'

/** What a page and the console behind it take. */
export interface Strain {
  /** Objects of the console's process after a collection of garbage, in MB. */
  consoleMb: number
  /** Objects of the page after a collection of garbage, in MB. */
  pageMb: number
  /** Elements and texts of the page, and what listens on them. */
  nodes: number
  listeners: number
  /** Frames since the last look: how many, and how many came later than 50 and than 100 ms after the one before. */
  frames: number
  over50: number
  over100: number
  longestMs: number
}

type Frames = Pick<Strain, 'frames' | 'over50' | 'over100' | 'longestMs'>

/** Looks at what a page and its console take, over and over. */
export class StrainGauge {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly inspector: string,
  ) {}

  /** Begins to count the page's frames. `inspector`: of the console's process. */
  static async on(page: Page, inspector: string): Promise<StrainGauge> {
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await page.evaluate(() => {
      const seen = { frames: 0, over50: 0, over100: 0, longestMs: 0 }
      Object.assign(window, { seenFrames: seen })
      let before = performance.now()
      const frame = (now: number) => {
        const took = now - before
        before = now
        seen.frames += 1
        if (took > 50) seen.over50 += 1
        if (took > 100) seen.over100 += 1
        seen.longestMs = Math.max(seen.longestMs, took)
        requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    })
    return new StrainGauge(page, session, inspector)
  }

  async look(): Promise<Strain> {
    const frames = await this.framesSinceLastLook()
    // A collection holds the page, so it comes after the frames were counted, and what it held is forgotten.
    await this.session.send('HeapProfiler.collectGarbage')
    const { metrics } = await this.session.send('Performance.getMetrics')
    const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? NaN
    const consoleMb = await heapMb(this.inspector)
    await this.framesSinceLastLook()
    return {
      consoleMb,
      pageMb: metric('JSHeapUsedSize') / 1e6,
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      ...frames,
    }
  }

  private framesSinceLastLook(): Promise<Frames> {
    return this.page.evaluate(() => {
      const seen = (window as unknown as { seenFrames: Frames }).seenFrames
      const copy = { ...seen }
      Object.assign(seen, { frames: 0, over50: 0, over100: 0, longestMs: 0 })
      return copy
    })
  }
}

/** Collects the garbage of a process and answers what is left, in MB. */
function heapMb(inspector: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(inspector)
    socket.on('error', reject)
    socket.on('open', () => {
      for (const [index, method] of [
        'HeapProfiler.collectGarbage',
        'Runtime.getHeapUsage',
      ].entries())
        socket.send(JSON.stringify({ id: index + 1, method }))
    })
    socket.on('message', (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString()) as {
        id?: number
        result: { usedSize: number }
      }
      if (id !== 2) return
      socket.close()
      resolve(result.usedSize / 1e6)
    })
  })
}
