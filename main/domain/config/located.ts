/** A value of a configuration file and the line it stands in, counted from 1. */
export interface Located<T> {
  value: T
  line: number
}

/** A line that a parser could not make sense of. Its secrets are taken out. */
export interface ConfigProblem {
  line: number
  /** The line as it is, at most 200 characters. */
  text: string
  /**
   * `unclosed`: a block without its end; `unexpectedEnd`: an end without its block; `noName`: a block that needs a name;
   * `notNumber`: a word where a number belongs; `repeated`: said twice, the last one counts; `noValue`: nothing is said;
   * `orphan`: a line before the first section; `malformed`: none of these.
   */
  kind:
    | 'unclosed'
    | 'unexpectedEnd'
    | 'noName'
    | 'notNumber'
    | 'repeated'
    | 'noValue'
    | 'orphan'
    | 'malformed'
}
