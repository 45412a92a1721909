import { expect, type Locator, type Page } from '@playwright/test'
import { askFromPage } from './pageCalls'
import { onlyInEnglish, wordsOf } from './words'

/** A way in which somebody sees the console. */
interface Sight {
  theme: 'dark' | 'light'
  language: 'en' | 'vi'
  width: number
  height: number
}

const small = { width: 1280, height: 800 }
const large = { width: 1920, height: 1080 }
/** The first is the one that the tour walks in. */
const SIGHTS: readonly [Sight, ...Sight[]] = [
  { theme: 'dark', language: 'en', ...small },
  { theme: 'light', language: 'en', ...small },
  { theme: 'light', language: 'vi', ...small },
  { theme: 'dark', language: 'vi', ...small },
  { theme: 'dark', language: 'en', ...large },
  { theme: 'light', language: 'en', ...large },
]

/** What does not fit its place: the element, its words, and by how many pixels. */
interface Misfit {
  words: string
  by: number
}

/** Leads a browser over pages of the console in English, and looks at each in both themes, both languages and two sizes. */
export class Tour {
  readonly main: Locator
  readonly dialog: Locator
  private readonly words = wordsOf('en')
  private readonly keys: ReadonlySet<string> = new Set(this.words.keys())
  private readonly english = onlyInEnglish()
  private readonly errors: string[] = []
  private number = 0

  /** @param name the pictures of this tour begin with it */
  constructor(
    readonly page: Page,
    private readonly name: string,
  ) {
    this.main = page.getByRole('main')
    this.dialog = page.getByRole('dialog')
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.errors.push(message.text())
    })
    page.on('pageerror', (error) => this.errors.push(String(error)))
  }

  /** A sentence in English, as it begins before its first placeholder. */
  say(key: string): string {
    const found = this.words.get(key)
    if (found === undefined) throw new Error(`There is no ${key}.`)
    return found.replace(/\s*\{.*/, '')
  }

  button = (key: string, within: Page | Locator = this.page) =>
    within.getByRole('button', { name: this.say(key), exact: true }).first()

  tab = (key: string) => this.main.getByRole('link', { name: this.say(key), exact: true })

  async goto(path: string): Promise<void> {
    await this.page.evaluate((path) => (window.location.hash = path), path)
  }

  /** Takes pictures in every way somebody may see the console, and checks what holds on every screen. */
  async look(what: string): Promise<void> {
    this.number += 1
    // No picture shows what is under the mouse.
    await this.page.mouse.move(0, 0)
    const picture = `${this.name}-${String(this.number).padStart(2, '0')}-${what}.png`
    for (const sight of SIGHTS) {
      const { theme, language, width } = sight
      await this.dress(sight)
      const name = `${theme}-${language}-${String(width)}`
      await this.page.screenshot({
        path: `test/e2e/output/${name}/${picture}`,
        animations: 'disabled',
      })
      const where = `${what}, ${name}`
      expect.soft(await this.sideways(), `${where}: the page does not scroll sideways`).toEqual([])
      expect.soft(await this.clipped(), `${where}: nothing is cut off in buttons`).toEqual([])
      const texts = await this.texts()
      // Everything on the screen that looks like the key of a sentence.
      const keys = (texts.match(/\b[a-z][a-zA-Z]*(\.[a-zA-Z-]+)+\b/g) ?? [])
        .filter((token) => this.keys.has(token))
        // The audit log's own names of actions, shown beside their words.
        .filter((token) => !this.keys.has(`audit.action.${token}`))
      expect.soft(keys, `${where}: every sentence is translated`).toEqual([])
      const english = language === 'en' ? [] : this.english.filter((part) => texts.includes(part))
      expect.soft(english, `${where}: nothing is left in the language before`).toEqual([])
      expect.soft(this.errors.splice(0), `${where}: no errors on the browser's console`).toEqual([])
    }
    await this.dress(SIGHTS[0])
  }

  /** Changes the settings as another window would, so that whatever is open stays open. */
  private async dress({ theme, language, ...size }: Sight): Promise<void> {
    const root = this.page.locator(`html[lang=${language}][data-theme=${theme}]`)
    await askFromPage(this.page, 'settings.save', { theme, language, refreshSeconds: 10 })
    await expect(root).toBeAttached()
    const now = this.page.viewportSize()
    if (now?.width !== size.width) await this.page.setViewportSize(size)
    // What measures itself and draws does so in the frame after.
    await this.page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    )
  }

  /** Parts of the frame that scroll sideways. */
  private sideways(): Promise<Misfit[]> {
    return this.page.evaluate(() =>
      [
        document.documentElement,
        ...document.querySelectorAll('main, main .page, main .section > .body, dialog'),
      ]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => ({
          words: `${element.tagName}.${element.className}`,
          by: element.scrollWidth - element.clientWidth,
        })),
    )
  }

  private clipped(): Promise<Misfit[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('button, [role=button], [role=tab], nav a, select')]
        .filter((element) => element.clientWidth > 0)
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => ({
          words: element.textContent.trim(),
          by: element.scrollWidth - element.clientWidth,
        })),
    )
  }

  /** Every word on the screen, also those that are only heard or hinted at. */
  private texts(): Promise<string> {
    return this.page.evaluate(() => {
      const texts = [document.body.innerText]
      for (const element of document.querySelectorAll('*'))
        for (const name of ['title', 'aria-label', 'placeholder', 'aria-description'])
          texts.push(element.getAttribute(name) ?? '')
      return texts.join('\n')
    })
  }
}
