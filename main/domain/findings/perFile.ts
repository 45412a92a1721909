import type { ConfigFile } from '../../../preload/contract/inspect'

/** Reads the text of a file once, however often rules ask: files are large, and judged after every change. */
export function perFile<T>(readText: (text: string) => T): (file: ConfigFile) => T {
  const known = new WeakMap<ConfigFile, { text: string; value: T }>()
  return (file) => {
    const before = known.get(file)
    if (before?.text === file.text) return before.value
    const value = readText(file.text)
    known.set(file, { text: file.text, value })
    return value
  }
}
