/** Something that can be found. `words` is everything it can be found by, in lower case. */
export interface SearchEntry {
  key: string
  kind: 'page' | 'cloud' | 'loadBalancer' | 'job'
  title: string
  detail: string
  words: string
  to: string
}
