import { pieces, timeText, type Block, type ReportDocument } from './document'

/** A report as Markdown, for tickets and chats. */
export const markdownOf = ({ title, blocks }: ReportDocument): string =>
  `${[`# ${plain(title)}`, ...blocks.map(blockOf)].join('\n\n')}\n`

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${plain(block.text)}`
    case 'text':
      return sentence(block.text)
    case 'facts':
      return block.rows.map(([label, value]) => `- **${plain(label)}**: ${plain(value)}`).join('\n')
    case 'table':
      return tableOf(block.head, block.rows)
    case 'finding': {
      const { severityWord, title, rule, time, parts, quotes, quotesLabel } = block
      return [
        `#### ${plain(severityWord.toUpperCase())}: ${sentence(title)}`,
        `${code(rule)}, ${time}`,
        ...parts.map(([label, text]) => `**${plain(label)}**: ${sentence(text)}`),
        ...(quotes.length ? [`**${plain(quotesLabel)}**:`, fenced(quotes)] : []),
      ].join('\n\n')
    }
    case 'timeline':
      return [
        `**${plain(block.title)}**`,
        tableOf(
          block.head,
          block.lanes
            .flatMap(({ spans }) => spans)
            .sort((one, other) => one.from - other.from)
            .map(({ from, to, label }) => [
              timeText(from),
              to >= block.until ? '…' : timeText(to),
              label,
            ]),
        ),
      ].join('\n\n')
    case 'details':
      return [
        `<details><summary>${plain(block.summary)}</summary>`,
        ...block.blocks.map(blockOf),
        '</details>',
      ].join('\n\n')
  }
}

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((cells) => cells.map(plain))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/** What means something to Markdown or HTML stands for itself. */
const plain = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#~]/g, (character) => `\\${character}`)

/** Words for themselves, and the machine text in them. */
const sentence = (text: string): string =>
  pieces(text)
    .map((piece) => (piece.code ? code(piece.text) : plain(piece.text)))
    .join('')

/** More backticks around than there are inside. */
const code = (text: string): string => {
  const fence = '`'.repeat(longestFence(text) + 1)
  return `${fence}${text}${fence}`
}

function fenced(quotes: readonly { where: string; text: string }[]): string {
  const lines = quotes.map(({ where, text }) => `${where}: ${text}`.replaceAll(/[\r\n]+/g, ' '))
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => longestFence(line) + 1)))
  return [fence, ...lines, fence].join('\n')
}

const longestFence = (text: string): number =>
  Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length))
