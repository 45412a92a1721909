import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Reason } from '../../../preload/contract/error'

type Language = 'en' | 'vi'
type Words = { [key: string]: string | Words }

/** Every sentence of the page in a language, by its key, such as `app.save`. */
export function wordsOf(language: Language): ReadonlyMap<string, string> {
  const folder = join('renderer', 'locales', language)
  const found = new Map<string, string>()
  const take = (words: Words, path: string): void => {
    for (const [key, value] of Object.entries(words)) {
      if (typeof value === 'string') found.set(`${path}.${key}`, value)
      else take(value, `${path}.${key}`)
    }
  }
  for (const file of readdirSync(folder))
    take(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Words, basename(file, '.json'))
  return found
}

/** The parts of sentences, of three words or more, that are said in English and never in Vietnamese. */
export function onlyInEnglish(): string[] {
  const vietnamese = wordsOf('vi')
  const said = [...vietnamese.values()].join('\n')
  const parts = [...wordsOf('en')]
    .filter(([key, sentence]) => vietnamese.get(key) !== sentence)
    .flatMap(([, sentence]) => sentence.split(/\{\w+\}| \| /))
    .map((part) => part.trim())
    .filter((part) => part.split(/\s+/).length >= 3 && !said.includes(part))
  return [...new Set(parts)]
}

/** What the page says about a cause: its name, and what to do next, with any value where the sentence has one. */
export function reasonWords(reason: Reason): { title: string; advice: RegExp } {
  const words = wordsOf('en')
  const say = (part: string) => words.get(`reason.${reason}.${part}`) ?? `no ${part} of ${reason}`
  const literal = (text: string) => text.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&')
  const advice = say('advice')
    .split(/\{\w+\}/)
    .map(literal)
    .join('[^{}]+')
  return { title: say('title'), advice: new RegExp(advice) }
}
