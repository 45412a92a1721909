/** Why a file says nothing to a review, as its JSON tells it; the page has words for each: `review.ignored.<key>`. */
export const IGNORED = {
  link: 'a link: give the file that it leads to',
  linkOutside: 'a link that leads outside of what was given',
  special: 'no regular file',
  outside: 'its name leads out of the archive',
  damaged: 'the archive is damaged or cut here',
  encrypted: 'encrypted: unpack it first',
  strange: 'packed in a way that this command does not know',
  packedTooOften: 'packed too often in each other',
  tooDeep: 'too many folders in each other',
  tooBig: 'too big: cut it first',
  tooMuch: 'too much evidence at once: give less',
  tooMuchOfBundle: 'too much of one bundle',
  empty: 'the file is empty',
  binary: 'binary, and no capture of libpcap (pcapng: save it as pcap first)',
  utf16: 'text in UTF-16: save it as UTF-8 first',
  bigNoLog: 'no log, and too big for anything else that this command knows',
  unknown: 'no format that this command knows',
  noVrrp: 'a capture without VRRP adverts',
} as const

export type IgnoredKey = keyof typeof IGNORED

const KEYS = new Map(Object.entries(IGNORED).map(([key, reason]) => [reason, key as IgnoredKey]))

/** The key of a reason; undefined for what the system or an unpacker said. */
export const ignoredKey = (reason: string): IgnoredKey | undefined =>
  KEYS.get(reason as (typeof IGNORED)[IgnoredKey])
