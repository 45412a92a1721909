import { AppError } from '../../preload/contract/error'
import type { Command } from '../platform/ssh'

/** A command of the table: what runs on an amphora, and whether it only looks. */
export interface AmphoraCommand extends Command {
  /** `changes`: needs the armed mode, a confirmation and the audit log. */
  access: 'reads' | 'changes'
}

/** Where Octavia keeps everything that carries traffic. */
export const NAMESPACE = 'amphora-haproxy'

/** A command that only looks. */
export const reads = (argv: readonly string[], sudo: 'sudo' | false = false): AmphoraCommand => ({
  argv,
  sudo: sudo === 'sudo',
  access: 'reads',
})

/** A command that changes something; always by sudo. */
export const changes = (argv: readonly string[]): AmphoraCommand => ({
  argv,
  sudo: true,
  access: 'changes',
})

/** The value, if it is what it should be. @throws AppError `invalidInput` */
export function matching(name: string, value: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value))
    throw new AppError('invalidInput', `Not a ${name}: ${JSON.stringify(value)}`)
  return value
}

/** @throws AppError `invalidInput` */
export const uuid = (value: string): string =>
  matching('UUID', value, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)

/** A service, with its ending. @throws AppError `invalidInput` */
export const unitName = (value: string): string =>
  matching('unit', value, /^[A-Za-z0-9][A-Za-z0-9:_.@-]{0,240}\.service$/)

/** Letters of IPv4 and IPv6 addresses; no name. @throws AppError `invalidInput` */
export const ipAddress = (value: string): string =>
  matching('IP address', value, /^[0-9A-Fa-f:.]{2,45}$/)

/** As the kernel allows it, and nothing that could be an option. @throws AppError `invalidInput` */
export const interfaceName = (value: string): string =>
  matching('network interface', value, /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/)

/** One of the words that are allowed. @throws AppError `invalidInput` */
export const oneOf = <T extends string>(name: string, value: T, allowed: readonly string[]): T => {
  if (!allowed.includes(value))
    throw new AppError('invalidInput', `Not a ${name}: ${JSON.stringify(value)}`)
  return value
}

/** A whole number from 0 on. @throws AppError `invalidInput` */
export function integer(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new AppError('invalidInput', `Not a number of things: ${JSON.stringify(value)}`)
  return value
}

/** A whole number from one bound to another. @throws AppError `invalidInput` */
export function within(name: string, value: number, least: number, most: number): number {
  if (integer(value) < least || value > most)
    throw new AppError('invalidInput', `Not a ${name}: ${JSON.stringify(value)}`)
  return value
}

/** @throws AppError `invalidInput` */
export function atLeastOne(things: readonly string[]): readonly string[] {
  if (!things.length) throw new AppError('invalidInput', 'Nothing is named.')
  return things
}
