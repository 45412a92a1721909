import { expect, type Locator, type Page } from '@playwright/test'
import { wordsOf } from './words'

type Language = 'en' | 'vi'

/** What does not fit its place: the element, its words, and by how many pixels. */
interface Misfit {
  words: string
  by: number
}

/** Leads a browser over every page of the console in a language, and looks at each. */
export class Tour {
  readonly main: Locator
  readonly dialog: Locator
  private readonly words: ReadonlyMap<string, string>
  private readonly keys: ReadonlySet<string>
  private readonly errors: string[] = []
  private number = 0

  /** @param name of the folder the pictures go to */
  constructor(
    readonly page: Page,
    language: Language,
    private readonly name: string,
  ) {
    this.words = wordsOf(language)
    this.keys = new Set(this.words.keys())
    this.main = page.getByRole('main')
    this.dialog = page.getByRole('dialog')
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.errors.push(message.text())
    })
    page.on('pageerror', (error) => this.errors.push(String(error)))
  }

  /** A sentence in the language of the tour, as it begins before its first placeholder. */
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

  /** Takes a picture, and checks what holds on every screen. */
  async look(what: string): Promise<void> {
    this.number += 1
    const number = String(this.number).padStart(2, '0')
    await this.page.screenshot({
      path: `test/e2e/output/${this.name}/${number}-${what}.png`,
      animations: 'disabled',
    })
    expect.soft(await this.sideways(), `${what}: the page does not scroll sideways`).toEqual([])
    expect.soft(await this.clipped(), `${what}: nothing is cut off in buttons`).toEqual([])
    const keys = (await this.tokens())
      .filter((token) => this.keys.has(token))
      // The audit log's own names of actions, shown beside their words.
      .filter((token) => !this.keys.has(`audit.action.${token}`))
    expect.soft(keys, `${what}: every sentence is translated`).toEqual([])
    expect.soft(this.errors.splice(0), `${what}: no errors on the browser's console`).toEqual([])
  }

  /** Parts of the frame that scroll sideways. */
  private sideways(): Promise<Misfit[]> {
    return this.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main, main .page, dialog')]
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

  /** Everything on the screen that looks like the key of a sentence. */
  private tokens(): Promise<string[]> {
    return this.page.evaluate(() => {
      const texts = [document.body.innerText]
      for (const element of document.querySelectorAll('*'))
        for (const name of ['title', 'aria-label', 'placeholder', 'aria-description'])
          texts.push(element.getAttribute(name) ?? '')
      return texts.join('\n').match(/\b[a-z][a-zA-Z]*(\.[a-zA-Z-]+)+\b/g) ?? []
    })
  }
}
