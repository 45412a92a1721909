import { z } from 'zod'
import { AppError } from '../../../preload/contract/error'
import type { HttpAnswer } from '../../platform/http'

/** Text that a release may leave out or answer as null; then it is empty. */
export const Text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

/** A field that a release may leave out or answer as null; then it is absent. */
export const absent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined)

/** A list that a release may leave out or answer as null; then it is empty. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? [])

/** `[{"id": …}]` as the list of the ids. */
export const References = listOf(z.object({ id: z.string().min(1) })).transform((list) =>
  list.map(({ id }) => id),
)

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** `YYYY-MM-DDTHH:MM:SS` in UTC, without a zone, as milliseconds since the epoch; absent when null. */
export const Time = z
  .string()
  .nullish()
  .transform((value, context) => {
    if (value == null) return undefined
    const [, day, clock, fraction = '', zone = 'Z'] = TIME.exec(value) ?? []
    const time = Date.parse(`${String(day)}T${String(clock)}${fraction}${zone}`)
    if (!Number.isNaN(time)) return time
    context.addIssue({ code: 'custom', message: 'Not a time.' })
    return z.NEVER
  })

/**
 * Reads the body of an answer. Unknown fields are ignored.
 * @throws AppError `answer.malformed`, with the `field`, the `id` of the object it belongs to and the `path` asked for
 */
export function readBody<T extends z.ZodType>(
  schema: T,
  answer: HttpAnswer,
  path: string,
): z.output<T> {
  const result = schema.safeParse(answer.body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.map(String).join('.')
  throw AppError.because('answer.malformed', issue?.message ?? 'Unreadable.', {
    values: {
      field: field === undefined || field === '' ? 'body' : field,
      id: idAlong(answer.body, issue?.path ?? []),
      path,
    },
    requestId: answer.requestId,
  })
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
