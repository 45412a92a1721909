import { useI18n } from 'vue-i18n'
import type { Episode } from '../../../preload/contract/pair'
import { formatGrowing } from '../../composables/formatTime'
import { count, measuredMs } from '../../composables/measured'
import { episodeNumbers, type EpisodeNumber, type Watching } from './episodeNumbers'

/** Says the numbers of an episode in words, wherever it is shown. */
export function useEpisodeWords() {
  const { t, locale } = useI18n()

  function wordsOf({ key, state, value, errorMs }: EpisodeNumber): string {
    if (value === undefined) return t(state === 'cutOff' ? 'episode.cutOff' : 'episode.notMeasured')
    if (state === 'lasting')
      return t('episode.lasting', { span: formatGrowing(value, locale.value) })
    if (key === 'failedProbes') return count(value, locale.value)
    return measuredMs(value, errorMs, locale.value)
  }

  /** How long it hurt, each number with its words; the outage first. */
  const numbersOf = (episode: Episode, watching: Watching | undefined) =>
    episodeNumbers(episode, watching).map((number) => ({ ...number, words: wordsOf(number) }))

  return { numbersOf }
}
