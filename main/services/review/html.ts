import { SEVERITIES } from '../../../preload/contract/finding'
import { pieces, timeText, type Block, type ReportDocument } from './document'
import { timelineOf } from './timelineSvg'
import { escaped } from './escaped'

/** A report as one HTML file: it needs nothing beside it, loads nothing, runs nothing, and prints well. */
export const htmlOf = ({ language, title, blocks }: ReportDocument): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${blocks.map(blockOf).join('\n')}
</body>
</html>
`

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${String(block.level)}>${escaped(block.text)}</h${String(block.level)}>`
    case 'text':
      return `<p>${sentence(block.text)}</p>`
    case 'facts':
      return `<dl>${block.rows
        .map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`)
        .join('')}</dl>`
    case 'table':
      return `<table><thead><tr>${block.head
        .map((cell) => `<th scope="col">${escaped(cell)}</th>`)
        .join('')}</tr></thead><tbody>${block.rows
        .map((cells) => `<tr>${cells.map(cellOf).join('')}</tr>`)
        .join('')}</tbody></table>`
    case 'finding': {
      const { severity, severityWord, title, rule, time, parts, quotes, quotesLabel } = block
      return `<section class="finding ${severity}">
<h4><span class="severity">${escaped(severityWord)}</span> ${sentence(title)}</h4>
<p class="when">${escaped(time)} · <code>${escaped(rule)}</code></p>
${parts.map(([label, text]) => `<p><b>${escaped(label)}:</b> ${sentence(text)}</p>`).join('\n')}
${quotes.length ? `<p><b>${escaped(quotesLabel)}:</b></p>` : ''}
${quotes
  .map(
    ({ where, text }) =>
      `<figure><figcaption>${escaped(where)}</figcaption><pre>${escaped(text)}</pre></figure>`,
  )
  .join('\n')}
</section>`
    }
    case 'timeline':
      return `<h3>${escaped(block.title)}</h3>
${timelineOf(block)}
<p class="when">${escaped(timeText(block.from))} – ${escaped(timeText(block.until))}</p>`
    case 'details':
      return `<details><summary>${escaped(block.summary)}</summary>${block.blocks
        .map(blockOf)
        .join('\n')}</details>`
  }
}

/** Times, numbers and single words stay on one line. */
const cellOf = (cell: string): string =>
  `<td${cell.length <= SHORT ? ' class="short"' : ''}>${escaped(cell)}</td>`

const sentence = (text: string): string =>
  pieces(text)
    .map((piece) => (piece.code ? `<code>${escaped(piece.text)}</code>` : escaped(piece.text)))
    .join('')

const SHORT = 28

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --critical: #b3261e; --high: #b54708; --medium: #8a6100; --low: #0b66a3; --info: #57606a; --accent: #0b66a3; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --dim: #9aa4b0; --line: #363d47; --panel: #1c2128;
  --critical: #ff8a80; --high: #ffb26b; --medium: #e6c767; --low: #7cc0ff; --info: #9aa4b0; --accent: #7cc0ff; }
  body { background: #12161b; } }
body { color: var(--text); font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums;
  max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin-top: 1.8rem; } h4 { margin: 0 0 .3rem; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
dt { color: var(--dim); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; }
td.short { white-space: nowrap; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; }
pre { white-space: pre-wrap; background: var(--panel); padding: .4rem .6rem; margin: .1rem 0 .5rem; }
figure { margin: 0; } figcaption, .when { color: var(--dim); font-size: .92em; }
.finding { border-left: 4px solid var(--info); padding: .2rem 0 .2rem .9rem; margin: 1rem 0; break-inside: avoid; }
.severity { font-size: .8em; text-transform: uppercase; letter-spacing: .04em; border: 1px solid currentColor; padding: 0 .4em; }
${SEVERITIES.map(
  (severity) =>
    `.finding.${severity} { border-color: var(--${severity}); } .${severity} .severity { color: var(--${severity}); } rect.${severity} { fill: var(--${severity}); }`,
).join('\n')}
svg { width: 100%; height: auto; } svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg .dim { fill: var(--dim); } svg .grid { stroke: var(--line); } rect.episode { fill: var(--accent); }
summary { cursor: pointer; color: var(--dim); }
@page { margin: 15mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 11px; } details { display: block; }
  tr, figure { break-inside: avoid; } }
`
