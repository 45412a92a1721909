import { darkTheme } from 'naive-ui'
import { computed, onScopeDispose, ref, watchEffect } from 'vue'
import type { Settings } from '../../preload/contract/app'
import { applyTheme } from './apply'
import { naiveOverrides } from './naive'
import type { ThemeName } from './tokens'

/** The theme for naive-ui and the page, as the setting and the system want it. */
export function useTheme(setting: () => Settings['theme']) {
  const system = matchMedia('(prefers-color-scheme: light)')
  const light = ref(system.matches)
  const onChange = () => (light.value = system.matches)
  system.addEventListener('change', onChange)
  onScopeDispose(() => system.removeEventListener('change', onChange))

  const name = computed<ThemeName>(() => {
    const wanted = setting()
    return wanted === 'system' ? (light.value ? 'light' : 'dark') : wanted
  })
  watchEffect(() => applyTheme(name.value))
  return {
    theme: computed(() => (name.value === 'dark' ? darkTheme : null)),
    overrides: computed(() => naiveOverrides(name.value)),
  }
}
