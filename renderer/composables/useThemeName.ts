import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** The name of the theme on the page, for what is drawn on a canvas and cannot use style sheets. */
export function useThemeName(): Readonly<Ref<string>> {
  const root = document.documentElement
  const name = ref(root.dataset['theme'] ?? 'dark')
  const observer = new MutationObserver(() => (name.value = root.dataset['theme'] ?? 'dark'))
  observer.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
  onScopeDispose(() => observer.disconnect())
  return readonly(name)
}
