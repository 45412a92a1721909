import { describe, expect, it } from 'vitest'
import { COLOURS, type Colours } from '../../../../renderer/theme/tokens'

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

const GROUNDS = ['page', 'surface', 'raised', 'sunken', 'field'] as const
const WORDS = ['text', 'muted', 'accent', 'good', 'warn', 'bad', 'busy', 'idle', 'unknown'] as const

describe.each(Object.entries(COLOURS))('the %s theme', (_name, colours: Colours) => {
  it.each(WORDS.flatMap((word) => GROUNDS.map((ground) => [word, ground] as const)))(
    'keeps %s readable on %s',
    (word, ground) => {
      expect(contrast(colours[word], colours[ground])).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(GROUNDS)('keeps the edges of controls visible on %s', (ground) => {
    expect(contrast(colours.lineStrong, colours[ground])).toBeGreaterThanOrEqual(3)
  })

  it('keeps words on coloured grounds readable', () => {
    expect(contrast(colours.onAccent, colours.accent)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colours.onAccent, colours.accentHover)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colours.onArmed, colours.armed)).toBeGreaterThanOrEqual(4.5)
  })
})
