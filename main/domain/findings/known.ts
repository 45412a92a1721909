import type { Fact, Unknown } from '../../../preload/contract/common'

/** The value of a fact, where it is known. */
export const valueOf = <T>(fact: Fact<T> | undefined): T | undefined =>
  fact && 'value' in fact ? fact.value : undefined

/** A fact that nobody looked for, or that cannot be told for another reason. */
export const notKnown = (unknown: Unknown): { unknown: Unknown } => ({ unknown })

/** The first of several sources that knows; when none does, why the first one does not. */
export function firstKnown<T>(...facts: readonly (Fact<T> | undefined)[]): Fact<T> {
  const asked = facts.filter((fact) => fact !== undefined)
  return asked.find((fact) => 'value' in fact) ?? asked[0] ?? notKnown('notMeasured')
}

/** Another form of a known value; it stays as old and as well proven. */
export function mapFact<T, R>(fact: Fact<T>, change: (value: T) => R): Fact<R> {
  return 'value' in fact ? { ...fact, value: change(fact.value) } : fact
}

/** All values, as old as the oldest; unknown when one of them is. */
export function together<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> {
  const values: T[] = []
  let at = Infinity
  for (const fact of facts) {
    if (!('value' in fact)) return fact
    values.push(fact.value)
    at = Math.min(at, fact.at)
  }
  return { value: values, at }
}
