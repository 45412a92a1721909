import { useI18n } from 'vue-i18n'
import type { Unknown } from '../../../preload/contract/common'

/** Says in the words of the page why something is not known. */
export function useUnknownWords(): (why: Unknown) => string {
  const i18n = useI18n()
  return (why) => {
    const own = `pair.unknown.${why}`
    return i18n.te(own, 'en') ? i18n.t(own) : i18n.t(`reason.${why}.title`)
  }
}
