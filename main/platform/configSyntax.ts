import { parseDocument, visit } from 'yaml'
import { AppError } from '../../preload/contract/error'

/**
 * Reads YAML 1.1, as PyYAML's `safe_load` does, or JSON where the name ends so.
 * Numbers and dates keep the text they are written as: an id such as `0123` or of forty digits is no number.
 * @throws AppError `cloud.fileMalformed` with `path` and `line`
 */
export function parseConfigFile(path: string, text: string): Record<string, unknown> {
  const content = path.endsWith('json') ? parseJson(path, text) : parseYaml(path, text)
  if (content === null || content === undefined) return {}
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw malformed(path, 1, 'The file is not a mapping.')
  }
  return content as Record<string, unknown>
}

function parseYaml(path: string, text: string): unknown {
  const document = parseDocument(text, { version: '1.1', prettyErrors: true })
  const [error] = document.errors
  // The library quotes the broken line, and that line may hold a password.
  if (error) throw malformed(path, error.linePos?.[0].line ?? 1, firstLine(error.message))
  visit(document, {
    Scalar(_, node) {
      const { value, source } = node
      const numeric = typeof value === 'number' || typeof value === 'bigint'
      // PyYAML leaves `y` and `n` alone, which YAML 1.1 calls booleans.
      const letter = typeof value === 'boolean' && source?.length === 1
      if ((numeric || letter || value instanceof Date) && source !== undefined) node.value = source
    },
  })
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw malformed(path, 1, firstLine(cause instanceof Error ? cause.message : String(cause)))
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    // V8 names no place, and every JSON text is YAML.
    const [error] = parseDocument(text, { schema: 'json' }).errors
    throw malformed(path, error?.linePos?.[0].line ?? 1, message.replace(/, (?:"|\.\.\.).*$/s, ''))
  }
}

const malformed = (path: string, line: number, message: string): AppError =>
  AppError.because('cloud.fileMalformed', message, { values: { path, line } })

const firstLine = (message: string): string =>
  message.replace(/\n.*$/s, '').replace(/ at line \d+, column \d+:?$/, '')
