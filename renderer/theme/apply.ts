import { COLOURS, FONT, MONO, type ThemeName } from './tokens'

/** Puts the tokens of a theme on the page as CSS variables. */
export function applyTheme(theme: ThemeName): void {
  const root = document.documentElement
  root.dataset['theme'] = theme
  root.style.colorScheme = theme
  for (const [name, colour] of Object.entries(COLOURS[theme]))
    root.style.setProperty(variable(name), colour as string)
  root.style.setProperty('--font', FONT)
  root.style.setProperty('--mono', MONO)
}

const variable = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
