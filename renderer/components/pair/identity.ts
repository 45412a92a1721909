/** How an amphora is told from the others wherever it is shown: a letter in a shape of its own colour. */
export interface Identity {
  letter: string
  shape: 'circle' | 'square' | 'hexagon' | 'shield'
  /** Colours on dark and on light; neither is a colour of a status. */
  dark: string
  light: string
}

const IDENTITIES: readonly Identity[] = [
  { letter: 'A', shape: 'circle', dark: '#4fd8d8', light: '#00636a' },
  { letter: 'B', shape: 'square', dark: '#f49ade', light: '#8f1d78' },
  { letter: 'C', shape: 'hexagon', dark: '#c5d86d', light: '#515c00' },
  { letter: 'D', shape: 'shield', dark: '#f3b48b', light: '#7d3d12' },
]

/** A letter, shape and colour for each amphora, by the order in which they were first seen. */
export function identitiesOf(amphoraIds: readonly string[]): ReadonlyMap<string, Identity> {
  return new Map(
    amphoraIds.map((id, i) => {
      const identity = IDENTITIES[i % IDENTITIES.length] ?? FIRST
      const round = Math.floor(i / IDENTITIES.length)
      return [
        id,
        round === 0 ? identity : { ...identity, letter: `${identity.letter}${round + 1}` },
      ]
    }),
  )
}

const FIRST: Identity = { letter: 'A', shape: 'circle', dark: '#4fd8d8', light: '#00636a' }

/** The part of an amphora's id that people read to each other. */
export const shortId = (amphoraId: string): string => amphoraId.slice(0, 8)

/** An amphora in words, as `AmphoraMark` draws it: its letter, where it has one, and the beginning of its id. */
export const amphoraName = (amphoraId: string, identities: ReadonlyMap<string, Identity>): string =>
  [identities.get(amphoraId)?.letter, shortId(amphoraId)].filter(Boolean).join(' ')

/** Outline of a shape in a square of 16 units, as an SVG path. */
export const OUTLINES: Record<Identity['shape'], string> = {
  circle: 'M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8z',
  square: 'M2.6 1.2h10.8q1.4 0 1.4 1.4v10.8q0 1.4-1.4 1.4H2.6q-1.4 0-1.4-1.4V2.6q0-1.4 1.4-1.4z',
  hexagon: 'M8 .5l6.8 3.8v7.4L8 15.5l-6.8-3.8V4.3z',
  shield: 'M1.4 1.2h13.2v8.2L8 15.4 1.4 9.4z',
}
