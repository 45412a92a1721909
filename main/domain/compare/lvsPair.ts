import type { Directive } from '../config/directives'
import type { Located } from '../config/located'
import type { LvsConfig, LvsListener, LvsMember, LvsServer } from '../config/lvs'
import type { Compared } from './compared'
import { contrast, differenceOf, type Contrast, type Entry } from './entries'

/** Compares what keepalived balances UDP and SCTP by on the two amphorae of a pair: nothing in it belongs to one of them. */
export function compareLvsPair(left: LvsConfig, right: LvsConfig): Compared {
  const differences = contrast(entriesOf(left), entriesOf(right)).map((found) =>
    differenceOf(found, 'drift', effectOf(found)),
  )
  return { differences, unjudged: [] }
}

const entriesOf = ({ listeners }: LvsConfig): Entry[] => listeners.flatMap(listenerEntries)

/** What it does that one side has another configuration. */
function effectOf({ path, left, right }: Contrast): string {
  const oneSided = !left || !right
  if (/^listener [^.\s]+$/.test(path)) return oneSided ? 'listenerMissing' : 'adminState'
  if (/ member [^.\s]+$/.test(path)) return oneSided ? 'memberMissing' : 'adminState'
  if (path.includes(' member ')) return 'memberSetting'
  return 'listenerSetting'
}

/** Everything that one file says, by its path: `listener <id>.group ipv4-group member <id>.weight`. */
function listenerEntries({ id, line, disabled, servers, others }: LvsListener): Entry[] {
  const path = `listener ${id}`
  const subject = { kind: 'listener', id }
  return [
    { path, value: disabled ? 'disabled' : path, line, subject },
    ...others.map((directive) => directiveEntry(path, directive, { within: path })),
    ...servers.flatMap((server) => serverEntries(server, path)),
  ]
}

function serverEntries(server: LvsServer, listener: string): Entry[] {
  const { name, line, vips, settings, poolId, poolDisabled, members, disabledMembers } = server
  const path = `${listener}.${name}`
  const common = { within: path }
  return [
    { path, value: name, line, within: listener },
    ...vips.map((vip) => ({
      ...{ path: `${path}.vip`, value: placeText(vip), line: vip.line },
      ...common,
    })),
    ...settingEntries(path, settings),
    ...(poolId
      ? [
          {
            ...{ path: `${path}.pool`, line: poolId.line, ...common },
            value: poolDisabled ? `${poolId.value} disabled` : poolId.value,
          },
        ]
      : []),
    ...members.flatMap((member) => memberEntries(member, path)),
    ...disabledMembers.map(({ value: id, line: at }) => ({
      ...{ path: `${path} member ${id}`, value: 'disabled', line: at },
      ...{ subject: { kind: 'member', id }, ...common },
    })),
    ...server.others.map((directive) => directiveEntry(path, directive, common)),
  ]
}

function memberEntries(member: LvsMember, server: string): Entry[] {
  const { id, line, settings, check } = member
  const path = `${server} member ${id ?? placeText(member)}`
  const common = { within: path, ...(id !== undefined && { subject: { kind: 'member', id } }) }
  return [
    { ...common, path, value: 'real_server', line, within: server },
    { ...common, path: `${path}.address`, value: placeText(member), line },
    ...settingEntries(path, settings).map((entry) => ({ ...entry, ...common })),
    ...(check
      ? [
          { ...common, path: `${path}.check`, value: check.kind, line: check.line },
          ...check.directives.map((directive) =>
            directiveEntry(`${path}.check`, directive, common),
          ),
        ]
      : []),
  ]
}

const settingEntries = (path: string, settings: ReadonlyMap<string, Located<string>>): Entry[] =>
  Array.from(settings, ([keyword, { value, line }]) => ({
    ...{ path: `${path}.${keyword}`, value, line },
    within: path,
  }))

function directiveEntry(
  within: string,
  { words: [keyword = '', ...values], line }: Directive,
  common: Partial<Entry>,
): Entry {
  return { ...common, path: `${within}.${keyword}`, value: values.join(' ') || keyword, line }
}

/** An address with its port, as one text. */
export const placeText = ({ address, port = '' }: { address: string; port?: string }): string =>
  `${address} ${port}`.trim()
