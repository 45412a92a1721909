import type { Bridge } from './channel'

/** The bridge of a page that runs on the machine of its main: files that were given to it have paths there. */
export interface LocalBridge extends Bridge {
  /** Where a `File` of the page lies; empty for one that is not on a disk. */
  pathOf(file: unknown): string
}
