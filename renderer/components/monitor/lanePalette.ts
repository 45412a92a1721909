import type { Identity } from '../pair/identity'

/** Colours of the canvas, read from the page's variables. */
export interface LanePalette {
  dark: boolean
  surface: string
  raised: string
  sunken: string
  line: string
  lineStrong: string
  text: string
  muted: string
  good: string
  warn: string
  bad: string
  busy: string
  idle: string
  unknown: string
  accent: string
  font: string
}

/** The colours of the theme that is on the page now. */
export function lanePalette(): LanePalette {
  const root = document.documentElement
  const style = getComputedStyle(root)
  const variable = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    dark: root.dataset['theme'] !== 'light',
    surface: variable('surface'),
    raised: variable('raised'),
    sunken: variable('sunken'),
    line: variable('line'),
    lineStrong: variable('line-strong'),
    text: variable('text'),
    muted: variable('muted'),
    good: variable('good'),
    warn: variable('warn'),
    bad: variable('bad'),
    busy: variable('busy'),
    idle: variable('idle'),
    unknown: variable('unknown'),
    accent: variable('accent'),
    font: variable('font'),
  }
}

/** An amphora's colour on this theme. */
export const identityColour = (
  identity: Identity | undefined,
  { dark, idle }: LanePalette,
): string => (identity ? (dark ? identity.dark : identity.light) : idle)

const patterns = new Map<string, CanvasPattern>()

/** Diagonal stripes for what is not watched, and crossed ones for alarms; tiles of 8 pixels, each made once. */
export function hatch(
  context: CanvasRenderingContext2D,
  colour: string,
  crossed = false,
): CanvasPattern | string {
  const key = `${colour} ${String(crossed)}`
  const known = patterns.get(key)
  if (known) return known
  const tile = document.createElement('canvas')
  tile.width = tile.height = 8
  const pen = tile.getContext('2d')
  if (!pen) return colour
  pen.strokeStyle = colour
  pen.lineWidth = 1.5
  pen.beginPath()
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8)
    pen.lineTo(shift + 8, 0)
    if (!crossed) continue
    pen.moveTo(shift, 0)
    pen.lineTo(shift + 8, 8)
  }
  pen.stroke()
  const pattern = context.createPattern(tile, 'repeat')
  if (!pattern) return colour
  patterns.set(key, pattern)
  return pattern
}
