/** The colours of one theme; each is offered to style sheets as a variable of its name, such as `--line-strong`. */
export interface Colours {
  page: string
  surface: string
  raised: string
  sunken: string
  /** The ground of fields to type in. */
  field: string
  line: string
  lineStrong: string
  text: string
  muted: string
  accent: string
  accentHover: string
  onAccent: string
  good: string
  warn: string
  bad: string
  busy: string
  idle: string
  unknown: string
  armed: string
  onArmed: string
}

export type ThemeName = 'dark' | 'light'

/** Text colours reach 4.5 : 1 and shapes 3 : 1 on page, surface, raised and sunken; a test checks it. */
export const COLOURS: Record<ThemeName, Colours> = {
  dark: {
    page: '#12161b',
    surface: '#181d24',
    raised: '#20272f',
    sunken: '#0d1014',
    field: '#0d1014',
    line: '#2d3640',
    lineStrong: '#6b7887',
    text: '#e5eaf0',
    muted: '#a5b1bf',
    accent: '#6ab0ff',
    accentHover: '#8dc3ff',
    onAccent: '#06131f',
    good: '#4ec98f',
    warn: '#f0b83f',
    bad: '#ff8080',
    busy: '#7cc4ff',
    idle: '#a5b1bf',
    unknown: '#c3aef2',
    armed: '#ff9d42',
    onArmed: '#1d0f00',
  },
  light: {
    page: '#f2f4f7',
    surface: '#ffffff',
    raised: '#f8f9fb',
    sunken: '#e8ecf1',
    field: '#ffffff',
    line: '#d0d7e0',
    lineStrong: '#76828f',
    text: '#18202a',
    muted: '#4e5b69',
    accent: '#0a5cb8',
    accentHover: '#084a95',
    onAccent: '#ffffff',
    good: '#0a6840',
    warn: '#7a4f00',
    bad: '#a8231c',
    busy: '#0a5cb8',
    idle: '#4e5b69',
    unknown: '#6242a6',
    armed: '#b8400a',
    onArmed: '#ffffff',
  },
}

export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
export const MONO =
  "ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace"
