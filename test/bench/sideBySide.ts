/** Milliseconds that one round took. */
export type Measured = () => Promise<number>

/** Medians over all rounds, in milliseconds; `ratio` is the median of `console / bare` within each round. */
export interface Comparison {
  consoleMs: number
  bareMs: number
  ratio: number
}

/**
 * Measures the console and the bare minimum in turn, so that whatever else the machine does strikes both alike.
 * Who begins changes with each round; one round before the first counts for nothing.
 */
export async function sideBySide(
  rounds: number,
  byConsole: Measured,
  bare: Measured,
): Promise<Comparison> {
  const taken: { consoleMs: number; bareMs: number }[] = []
  for (let round = 0; round <= rounds; round += 1) {
    let consoleMs
    let bareMs
    if (round % 2) {
      consoleMs = await cleanly(byConsole)
      bareMs = await cleanly(bare)
    } else {
      bareMs = await cleanly(bare)
      consoleMs = await cleanly(byConsole)
    }
    if (round > 0) taken.push({ consoleMs, bareMs })
  }
  return {
    consoleMs: median(taken.map(({ consoleMs }) => consoleMs)),
    bareMs: median(taken.map(({ bareMs }) => bareMs)),
    ratio: median(taken.map(({ consoleMs, bareMs }) => consoleMs / bareMs)),
  }
}

/** How long some work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown> | undefined): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The value in the middle; of an even number, the upper one of the two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!

/** Prints one line of the result. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** So many per second, readable. */
export const perSecond = (count: number, milliseconds: number): string =>
  `${Math.round((count / milliseconds) * 1000).toLocaleString('en')}/s`

/**
 * One side must not pay for the garbage of the other. Only the young is taken away: whoever sweeps everything also makes
 * the engine forget the code it has compiled for objects that are gone, which no program does between two lists.
 */
function cleanly(measured: Measured): Promise<number> {
  globalThis.gc?.({ type: 'minor' })
  return measured()
}
