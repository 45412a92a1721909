import {
  compile,
  createCoreContext,
  fallbackWithLocaleChain,
  registerLocaleFallbacker,
  registerMessageCompiler,
  registerMessageResolver,
  resolveValue,
  translate,
} from '@intlify/core-base'
import type { Words } from './services/review/words'

registerMessageCompiler(compile)
registerMessageResolver(resolveValue)
registerLocaleFallbacker(fallbackWithLocaleChain)

type Language = Words['language']

/** Words are data, and the page has them already: on the main side only what is read without a page uses them. */
const FILES = import.meta.glob<object>(
  '../renderer/locales/*/{compare,episode,finding,findings,pair,reason,report,review,status}.json',
  { import: 'default' },
)

/** The words of a language, English where it lacks some. */
export async function wordsIn(language: Language): Promise<Words> {
  const languages: readonly Language[] = language === 'en' ? ['en'] : [language, 'en']
  const messages = Object.fromEntries(
    await Promise.all(languages.map(async (each) => [each, await areasOf(each)] as const)),
  )
  const context = createCoreContext({
    locale: language,
    fallbackLocale: 'en',
    messages,
    missingWarn: false,
    fallbackWarn: false,
    // A key that is missing is answered with a number, which no sentence is.
    missing: () => '',
    unresolving: true,
  })
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  return {
    language,
    find: (key, values = {}, count) => {
      const text =
        count === undefined
          ? translate(context, key, values)
          : translate(context, key, { n: count, ...values }, { plural: count })
      return typeof text === 'string' && text !== '' ? text : undefined
    },
    number: (value) => numbers.format(value),
  }
}

async function areasOf(language: Language): Promise<Record<string, object>> {
  const files = Object.entries(FILES).filter(([path]) => path.includes(`/${language}/`))
  const areas = files.map(async ([path, load]) => {
    const area = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
    return [area, await load()] as const
  })
  return Object.fromEntries(await Promise.all(areas))
}
