const MEANING: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it stands in HTML and SVG, in elements and in quoted attributes; what cannot be printed stands as `�`. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, '�')
    .replaceAll(/[&<>"']/g, (character) => MEANING[character] ?? character)
