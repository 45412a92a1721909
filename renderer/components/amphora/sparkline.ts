/** A line that leads through the values, as an SVG path, and the largest value, which is at its top. */
export interface Sparkline {
  path: string
  most: number
}

/**
 * Draws values from left to right; the newest is at the right edge, and the line has `slots` places. Where a value is
 * not known the line is broken. The ground is always zero, so that equal heights are equal values.
 */
export function sparkline(
  values: readonly (number | undefined)[],
  { width, height, slots }: { width: number; height: number; slots: number },
): Sparkline {
  const shown = values.slice(-slots)
  const most = Math.max(0, ...shown.map((value) => value ?? 0))
  const step = slots > 1 ? width / (slots - 1) : width
  const left = width - (shown.length - 1) * step
  // Half a pixel of room above and below keeps the line whole.
  const y = (value: number): number =>
    most === 0 ? height - 0.5 : height - 0.5 - (value / most) * (height - 1)
  let path = ''
  let isOpen = false
  shown.forEach((value, i) => {
    if (value === undefined) {
      isOpen = false
      return
    }
    const x = left + i * step
    path += `${isOpen ? 'L' : 'M'}${round(x)} ${round(y(value))}`
    // A value between two gaps is a point, and is seen as one.
    if (!isOpen && shown[i + 1] === undefined) path += `h0.01`
    isOpen = true
  })
  return { path, most }
}

const round = (value: number): number => Math.round(value * 100) / 100
