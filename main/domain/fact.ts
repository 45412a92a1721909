import type { Fact, Unknown } from '../../preload/contract/common'

/** The value of a fact, where it is known. */
export const valueOf = <T>(fact: Fact<T> | undefined): T | undefined =>
  fact && 'value' in fact ? fact.value : undefined

interface Unproven {
  unknown: Unknown
  at?: number
  evidence?: string
}

/** A fact that is not known; since when, and what was seen instead, where that can be told. */
export const notKnown = (unknown: Unknown, at?: number, evidence?: string): Unproven => ({
  unknown,
  ...(at !== undefined && { at }),
  ...(evidence !== undefined && { evidence }),
})

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
export function allKnown<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> {
  const values: T[] = []
  let at = Infinity
  for (const fact of facts) {
    if (!('value' in fact)) return fact
    values.push(fact.value)
    at = Math.min(at, fact.at)
  }
  return { value: values, at }
}

/** One fact out of two that belong together, as old as the older; unknown as the first of them that is. */
export function bothFacts<T, U, V>(
  one: Fact<T>,
  other: Fact<U>,
  join: (one: T, other: U) => V,
): Fact<V> {
  if (!('value' in one)) return one
  if (!('value' in other)) return other
  return { ...one, value: join(one.value, other.value), at: Math.min(one.at, other.at) }
}
