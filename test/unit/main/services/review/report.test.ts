import { describe, expect, it } from 'vitest'
import type { ReportDocument } from '../../../../../main/services/review/document'
import { htmlOf } from '../../../../../main/services/review/html'
import { markdownOf } from '../../../../../main/services/review/markdown'

const HOSTILE = `</pre><script>alert(1)</script> | \`\`\` "x" 'y' & **z** \u0007 [a](http://x)`

/** A text wherever text may stand. */
const reportWith = (text: string): ReportDocument => ({
  language: 'en',
  title: text,
  blocks: [
    { kind: 'heading', level: 2, text },
    { kind: 'text', text },
    { kind: 'facts', rows: [[text, text]] },
    { kind: 'table', head: ['a', 'b'], rows: [[text, text]] },
    {
      ...{ kind: 'finding', severity: 'high', severityWord: 'high', title: text },
      ...{ rule: 'haproxy.hung', time: 'now', parts: [['Cause', text]], quotesLabel: 'Proof' },
      quotes: [{ where: text, text }],
    },
    {
      ...{ kind: 'timeline', title: text, head: ['From', 'Until', 'What'], from: 0, until: 10 },
      lanes: [{ label: text, spans: [{ from: -5, to: 50, label: text }] }],
    },
    { kind: 'details', summary: text, blocks: [{ kind: 'text', text }] },
  ],
})

describe('a report as HTML', () => {
  const html = htmlOf(reportWith(HOSTILE))

  it('holds what was quoted as text only', () => {
    expect(html).not.toContain('<script')
    expect(html).not.toContain('</pre><script')
    expect(html).toContain('&lt;script&gt;')
    expect(html).not.toContain('\u0007')
  })

  it('may neither load nor run anything', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('draws spans within the evidence, and wide enough to be seen', () => {
    const [, x, width] = /<rect class="episode" x="([\d.]+)" y="\d+" width="([\d.]+)"/.exec(html)!
    expect([Number(x), Number(x) + Number(width)]).toEqual([260, 1000])
  })
})

describe('a report as Markdown', () => {
  it('keeps quotations from being read as HTML, tables or links', () => {
    const markdown = markdownOf(reportWith(HOSTILE.replaceAll('`', '')))
    const outside = markdown.replaceAll(/^```\n[\s\S]*?\n```$/gm, '').replaceAll(/`[^`]+`/g, '')
    expect(outside).not.toMatch(/(?<!\\)<(?!\/?(?:details|summary)>)/)
    expect(outside).not.toMatch(/(?<!\\)\]\(/)
    for (const row of outside.split('\n').filter((line) => line.startsWith('| ')))
      expect(row.match(/(?<!\\)\|/g)?.length).toBeLessThanOrEqual(4)
  })

  it('puts more backticks around machine text than it has', () => {
    expect(markdownOf(reportWith(HOSTILE))).toMatch(/^````\n.*```.*\n````$/m)
  })
})
