import { timeText, type Block } from './document'
import { escaped } from './escaped'

const WIDTH = 1000
/** Where the lanes begin; names stand before. */
const LEFT = 260
const ROW = 24
const HEAD = 26
/** What is shorter than can be seen is drawn so wide. */
const NARROWEST = 3
const TICKS = 4

type Timeline = Extract<Block, { kind: 'timeline' }>

/** A time line as SVG: a lane for each name, a bar for each span, its words where a pointer rests. */
export function timelineOf({ title, from, until, lanes }: Timeline): string {
  const height = HEAD + lanes.length * ROW + 4
  const clamped = (at: number): number => Math.min(Math.max(at, from), until)
  const x = (at: number) => LEFT + ((at - from) / (until - from)) * (WIDTH - LEFT)
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => {
    const at = from + ((until - from) * index) / TICKS
    const anchor = index === 0 ? 'start' : index === TICKS ? 'end' : 'middle'
    return `<line class="grid" x1="${number(x(at))}" x2="${number(x(at))}" y1="${String(HEAD - 6)}" y2="${String(height)}"/>
<text class="dim" x="${number(x(at))}" y="14" text-anchor="${anchor}">${timeText(at).slice(11, 19)}</text>`
  })
  const rows = lanes.map(({ label, spans }, row) => {
    const y = HEAD + row * ROW
    const bars = spans.map(({ from: start, to, severity = 'episode', label: words }) => {
      const [here, there] = [x(clamped(start)), x(clamped(to))]
      const width = Math.max(NARROWEST, there - here)
      const at = Math.min(here, WIDTH - width)
      return `<rect class="${severity}" x="${number(at)}" y="${String(y + 4)}" width="${number(width)}" height="${String(ROW - 8)}"><title>${escaped(`${timeText(start)} – ${timeText(to)}: ${words}`)}</title></rect>`
    })
    return `<text x="0" y="${String(y + 16)}">${escaped(label)}</text>${bars.join('')}`
  })
  return `<svg viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${escaped(title)}">
${[...ticks, ...rows].join('\n')}
</svg>`
}

const number = (value: number): string => value.toFixed(1)
