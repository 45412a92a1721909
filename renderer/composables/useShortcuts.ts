import { onScopeDispose } from 'vue'

/** What a key, or two keys one after the other such as `g l`, does. */
export type Shortcuts = Readonly<Record<string, () => void>>

const layers = new Set<Shortcuts>()
const SEQUENCE_MS = 1500
let before = ''
let beforeAt = 0

/**
 * Binds keys while the calling scope lives; the newest binding of a key wins. Keys typed into a field and keys
 * while a dialog is open do nothing, except `Control+…`, which is for opening something above all else.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  if (layers.size === 0) window.addEventListener('keydown', onKeydown)
  layers.add(shortcuts)
  onScopeDispose(() => {
    layers.delete(shortcuts)
    if (layers.size === 0) window.removeEventListener('keydown', onKeydown)
  })
}

function onKeydown(event: KeyboardEvent): void {
  const control = event.ctrlKey || event.metaKey
  if (event.altKey || event.repeat || document.querySelector('dialog[open]')) return
  if (!control && isTyping(event.target)) return
  const key = control ? `Control+${event.key.toLowerCase()}` : event.key
  const now = Date.now()
  const sequence = now - beforeAt < SEQUENCE_MS ? `${before} ${key}` : key
  const action = find(sequence) ?? find(key)
  before = key
  beforeAt = now
  if (!action) return
  event.preventDefault()
  before = ''
  action()
}

const find = (keys: string): (() => void) | undefined =>
  [...layers].reverse().find((layer) => Object.hasOwn(layer, keys))?.[keys]

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select'))
