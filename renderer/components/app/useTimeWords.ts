import { useI18n } from 'vue-i18n'
import type { ClockOffset } from '../../../preload/contract/pair'
import { JUST_NOW_MS, formatAge, formatSpan, roughly } from '../../composables/formatTime'
import { clockDifference } from '../../composables/measured'

/** Says ages and clocks in the words of the page, so that every place says them alike. */
export function useTimeWords() {
  const { t, locale } = useI18n()

  /** How long something has lasted, in milliseconds: `just now`, `5 sec`, `2 hr 5 min`. */
  const elapsed = (milliseconds: number): string =>
    milliseconds < JUST_NOW_MS ? t('app.justNow') : formatSpan(roughly(milliseconds), locale.value)

  /** The same beside a state, so that it is not read as a delay: `for 5 sec`. */
  const lasting = (milliseconds: number): string =>
    milliseconds < JUST_NOW_MS
      ? t('app.justNow')
      : t('app.forSpan', { span: elapsed(milliseconds) })

  /** How long ago an instant was, or how far ahead it is: `just now`, `5s ago`, `in 2 days`. */
  const age = (at: number, now: number): string =>
    Math.abs(at - now) < JUST_NOW_MS ? t('app.justNow') : formatAge(at, now, locale.value)

  /** How an amphora's clock stands to ours: `3.6 ms behind this machine (± 0.9 ms)`. */
  function clock(offset: ClockOffset): string {
    const { kind, size, error } = clockDifference(offset, locale.value)
    return t(`pair.clockIs.${kind}`, { size, error })
  }

  return { elapsed, lasting, age, clock }
}
