import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'
import { wireOf, WrongField, type Wire } from './fields'

/**
 * Reads the body of an answer. Unknown fields are ignored.
 * @throws AppError `answer.malformed`, with the `field`, the `id` of the object it belongs to and the `path` asked for
 */
export function readBody<T>(read: (body: Wire) => T, answer: HttpAnswer, path: string): T {
  try {
    return read(wireOf(answer.body))
  } catch (error) {
    if (!(error instanceof WrongField)) throw error
    throw AppError.because('answer.malformed', error.message, {
      values: {
        field: error.path.map(String).join('.') || 'body',
        id: idAlong(answer.body, error.path),
        path,
      },
      requestId: answer.requestId,
    })
  }
}

/** The id of the innermost object on the way to a field that tells one. */
function idAlong(body: unknown, path: readonly PropertyKey[]): string {
  let id = '–'
  let value = body
  for (const key of [...path, undefined]) {
    if (typeof value !== 'object' || value === null) break
    if ('id' in value && typeof value.id === 'string') id = value.id
    if (key === undefined) break
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return id
}
