import { useI18n } from 'vue-i18n'
import type { PairEvent } from '../../../preload/contract/pair'
import { shortId, type Identity } from '../pair/identity'

/** The first look at a side finds how things are; nothing happened then. */
const FIRST_LOOK = { vipGained: 'holds', vipLost: 'holdsNot' } as const

/** Says events of a pair in words. */
export function useEventWords(identities: () => ReadonlyMap<string, Identity>) {
  const i18n = useI18n()
  const { t } = i18n

  /** The letter of an amphora, or the beginning of its id when it is not on screen. */
  const letterOf = (amphoraId: string): string =>
    identities().get(amphoraId)?.letter ?? shortId(amphoraId)

  /** One event in one sentence, machine text last. */
  function wordsOf(event: PairEvent): string {
    switch (event.kind) {
      case 'vipGained':
      case 'vipLost':
        return t(`monitor.event.${event.standing ? FIRST_LOOK[event.kind] : event.kind}`, {
          letter: letterOf(event.amphoraId),
          vip: event.address,
        })
      case 'line':
        return t('monitor.event.line', {
          letter: letterOf(event.amphoraId),
          meaning: t(`log.meaning.${event.meaning}`),
          text: event.text,
        })
      case 'unit':
        return t('monitor.event.unit', {
          letter: letterOf(event.amphoraId),
          unit: event.unit,
          active: event.active,
        })
      case 'watch':
        return t(`monitor.event.${event.live ? 'watched' : 'unwatched'}`, {
          letter: letterOf(event.amphoraId),
        })
      case 'action': {
        const name = `action.name.${event.action}`
        return t('monitor.event.action', {
          letter: letterOf(event.amphoraId),
          action: i18n.te(name, 'en') ? t(name) : event.action,
        })
      }
      case 'api':
        return t('monitor.event.api', {
          provisioning: event.provisioningStatus,
          operating: event.operatingStatus,
        })
    }
  }

  return { letterOf, wordsOf }
}
