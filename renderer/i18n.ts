import { createI18n } from 'vue-i18n'

/** Words by area: the name of the file is the first part of each key. */
type Areas = Record<string, unknown>

const byArea = (files: Record<string, unknown>): Areas =>
  Object.fromEntries(
    Object.entries(files).map(([path, words]) => [
      path.slice(path.lastIndexOf('/') + 1, -'.json'.length),
      words,
    ]),
  )

const english = byArea(import.meta.glob('./locales/en/*.json', { eager: true, import: 'default' }))

export type Language = 'en' | 'vi'

/** The page's words. English is there from the start and stands in for what another language lacks. */
export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en: english as never },
})

/** Switches the page to a language, fetching its words the first time. */
export async function useLanguage(language: Language): Promise<void> {
  const { global } = i18n
  if (language === 'vi' && !(global.availableLocales as string[]).includes('vi')) {
    const { vietnamese } = await import('./locales/vi')
    global.setLocaleMessage('vi', byArea(vietnamese) as never)
  }
  ;(global.locale as { value: string }).value = language
  document.documentElement.lang = language
}

/** What a setting means on this machine. */
export function languageOf(setting: 'system' | Language): Language {
  if (setting !== 'system') return setting
  return navigator.language.toLowerCase().startsWith('vi') ? 'vi' : 'en'
}
