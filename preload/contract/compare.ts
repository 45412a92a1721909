import { z } from 'zod'
import { request } from './channel'
import { CloudName, Id, type Fact } from './common'

/** One thing that two sides say differently, in the terms of its format. */
export interface Difference {
  /** Where in the structure: `vrrp_instance.priority`, `backend <pool>:<listener>.server <member>.weight`. */
  path: string
  left?: string
  right?: string
  /** Lines of both files, counted from 1. */
  leftLine?: number
  rightLine?: number
  /** `expected`: a healthy pair differs so; `drift`: it should not. */
  kind: 'expected' | 'drift'
  /** Why it is expected, or what it does: a word of the locale files, `compare.difference.<why>`. */
  why: string
  /** The object it is about, where the path names one. */
  subject?: { kind: string; id: string; name?: string }
}

/** A comparison of two texts, or of a text and the API. */
export interface Comparison {
  what:
    | 'keepalived'
    | 'haproxy'
    | 'agent'
    /** What keepalived balances UDP and SCTP by. */
    | 'lvs'
    | 'haproxyApi'
    | 'keepalivedApi'
    | 'lvsApi'
    | 'versions'
    | 'before'
  left: ComparedSide
  right: ComparedSide
  differences: readonly Difference[]
  /** What could not be compared: where, and why, a word of the locale files, `compare.unjudged.<why>`. */
  unjudged?: readonly { path: string; why: string }[]
}

export interface ComparedSide {
  /** The path of the file, or the address that was asked; several are divided by a comma. */
  title: string
  amphoraId?: string
  evidence?: string
  /** Without its secrets. */
  text?: string
  /** When it was read, by our clock. */
  at?: number
}

export const compare = {
  /** Compares the pair's amphorae with each other, with the API, and with what was there when the console last looked. */
  'compare.read': request(
    z.object({ cloud: CloudName, loadBalancerId: Id }),
    z.array(z.custom<Fact<Comparison> & { what: Comparison['what']; amphoraId?: string }>()),
  ),
}
