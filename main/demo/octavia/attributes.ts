import { isIP } from 'node:net'
import { Refusal } from './refusal'
import type { Shape } from './shapes'

/** How one attribute of a request body is checked; the words are WSME's. */
export interface Rule {
  required?: boolean
  check: (value: unknown, field: string, root: string, body: unknown) => unknown
}

const python = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, each]) => `'${key}': ${python(each)}`)
      .join(', ')}}`
  }
  return textOf(value)
}

/** A scalar as text; nothing for what is none. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''

const shown = (value: unknown): string => (typeof value === 'string' ? value : python(value))

export const text = (limit = 255, required = false): Rule => ({
  required,
  check: (value, field) => {
    if (typeof value !== 'string')
      throw Refusal.invalid(
        field,
        shown(value),
        "Wrong type. Expected '<class 'str'>', got '" + `${typeof value}'`,
      )
    if (value.length > limit) {
      throw Refusal.invalid(
        field,
        value,
        `Value should have a maximum character requirement of ${limit}`,
      )
    }
    return value
  },
})

export const uuid = (required = false): Rule => ({
  required,
  check: (value, field) => {
    const isUuid =
      typeof value === 'string' && /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value)
    if (isUuid) return value
    throw Refusal.invalid(field, shown(value), 'Value should be UUID format')
  },
})

export const integer = (from: number, to: number | undefined, required = false): Rule => ({
  required,
  check: (value, field, root, body) => {
    const number = typeof value === 'number' ? value : Number(value)
    if (!Number.isInteger(number) || value === '') {
      throw Refusal.invalid(
        root,
        python(body),
        `invalid literal for int() with base 10: ${python(value)}`,
      )
    }
    if (number < from) {
      throw Refusal.invalid(field, String(number), `Value should be greater or equal to ${from}`)
    }
    if (to !== undefined && number > to) {
      throw Refusal.invalid(field, String(number), `Value should be lower or equal to ${to}`)
    }
    return number
  },
})

export const flag: Rule = {
  check: (value, field) => {
    if (typeof value === 'boolean') return value
    throw Refusal.invalid(field, shown(value), `Value should be one of: True, False`)
  },
}

export const oneOf = (values: readonly string[], required = false): Rule => ({
  required,
  check: (value, field) => {
    if (typeof value === 'string' && values.includes(value)) return value
    throw Refusal.invalid(field, shown(value), `Value should be one of: ${values.join(', ')}`)
  },
})

export const address = (required = false): Rule => ({
  required,
  check: (value, field) => {
    if (typeof value === 'string' && isIP(value)) return value
    throw Refusal.invalid(field, shown(value), 'Value should be IPv4 or IPv6 format')
  },
})

export const cidrs: Rule = {
  check: (value, field) => {
    const isCidr = (each: unknown): each is string => {
      const [host = '', length = ''] = typeof each === 'string' ? each.split('/') : []
      return isIP(host) > 0 && /^\d+$/.test(length)
    }
    if (Array.isArray(value) && value.every(isCidr)) return value
    throw Refusal.invalid(field, python(value), 'Value should be IPv4 or IPv6 CIDR format')
  },
}

export const tags: Rule = {
  check: (value, field) => {
    const isText = (each: unknown): each is string => typeof each === 'string'
    if (Array.isArray(value) && value.every(isText)) return [...new Set<string>(value)].sort()
    throw Refusal.invalid(field, shown(value), 'Value should be a list of strings')
  },
}

export const pattern = (expression: RegExp, words: string): Rule => ({
  check: (value, field) => {
    if (typeof value === 'string' && expression.test(value)) return value
    throw Refusal.invalid(field, shown(value), words)
  },
})

/** An attribute that is taken as it comes. */
export const anything: Rule = { check: (value) => value }

/**
 * Takes the object under a body's root key and checks it against the rules, in their order.
 * @param root what WSME calls the argument, such as `listener_`
 */
export function readBody(
  body: unknown,
  key: string,
  root: string,
  rules: Readonly<Record<string, Rule>>,
): Shape {
  const value = isShape(body) ? body[key] : undefined
  if (!isShape(value)) {
    throw Refusal.fault(500, "'UnsetType' object has no attribute 'project_id'")
  }
  return readObject(value, `${root}.${key}`, root, rules, body)
}

/** As `readBody`, for an object inside a body. */
export function readObject(
  value: Shape,
  path: string,
  root: string,
  rules: Readonly<Record<string, Rule>>,
  body: unknown,
): Shape {
  const unknown = Object.keys(value).find((name) => !(name in rules))
  if (unknown !== undefined) {
    throw Refusal.fault(400, `Unknown attribute for argument ${path}: ${unknown}`)
  }
  const taken = Object.entries(rules).flatMap(([name, rule]) => {
    const given = value[name]
    if (given !== undefined && given !== null) return [[name, rule.check(given, name, root, body)]]
    if (rule.required) throw Refusal.invalid(name, 'None', 'Mandatory field missing.')
    return given === null ? [[name, null]] : []
  })
  return Object.fromEntries(taken) as Shape
}

export const isShape = (value: unknown): value is Shape =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
