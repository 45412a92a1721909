import { useI18n } from 'vue-i18n'
import type { Check } from '../../../preload/contract/action'
import type { Values } from '../../../preload/contract/error'

/** Turns what main says about an action, such as ids and reasons, into words for the operator. */
export function useActionWords(nameOf: (amphoraId: string) => string) {
  const i18n = useI18n()
  const { t } = i18n

  /** What an action does. */
  const effectWords = (effect: string, values: Values): string =>
    t(`action.effect.${effect}`, {
      ...values,
      to: named(values['to']),
      amphoraId: named(values['amphoraId']),
    })

  /** What a check found. */
  function checkWords({ id, outcome, values }: Check): string {
    const state = String(values['state'] ?? '')
    const words = {
      ...values,
      amphoraId: named(values['amphoraId']),
      kind: values['kind'] === undefined ? '' : t(`check.kind.${values['kind']}`),
      reason: inBrackets(reasonWords(values['reason'])),
      state: id === 'peerReachable' ? inBrackets(connectionWords(state)) : state,
    }
    return t(`check.${id}.${outcome}`, words, Number(values['received'] ?? 0))
  }

  const named = (id: string | number | undefined): string =>
    id === undefined || id === '' ? '?' : nameOf(String(id))

  function reasonWords(reason: string | number | undefined): string {
    const keys = [`pair.unknown.${reason}`, `reason.${reason}.title`, `code.${reason}.title`]
    const key = keys.find((one) => i18n.te(one, 'en'))
    return key === undefined ? '' : t(key)
  }

  const connectionWords = (state: string): string => (state ? t(`status.connection.${state}`) : '')

  return { effectWords, checkWords }
}

const inBrackets = (words: string): string => (words ? ` (${words})` : '')
