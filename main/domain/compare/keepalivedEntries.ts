import type { Directive } from '../config/directives'
import type { KeepalivedConfig, KeepalivedInstance, KeepalivedScript } from '../config/keepalived'
import type { Located } from '../config/located'
import type { Entry } from './entries'

/** Everything an octavia-keepalived.conf says, by its path. The password is there as its digest only. */
export function keepalivedEntries(config: KeepalivedConfig): Entry[] {
  const { instances, scripts, globalDefinitions, others } = config
  return [
    ...scripts.flatMap(scriptEntries),
    ...instances.flatMap((instance) =>
      instanceEntries(
        instance,
        instances.length > 1 ? `vrrp_instance ${instance.name}` : 'vrrp_instance',
      ),
    ),
    ...globalDefinitions.map((directive) => directiveEntry('global_defs', directive)),
    ...others.map((directive) => directiveEntry('', directive)),
  ]
}

function scriptEntries(script: KeepalivedScript): Entry[] {
  const path = `vrrp_script ${script.name}`
  return [
    { path, value: path, line: script.line },
    ...(['script', 'interval', 'fall', 'rise', 'weight', 'timeout'] as const).flatMap((key) =>
      located(`${path}.${key}`, script[key], path),
    ),
    ...script.others.map((directive) => directiveEntry(path, directive)),
  ]
}

function instanceEntries(instance: KeepalivedInstance, path: string): Entry[] {
  const { authentication } = instance
  const list = (keyword: string, values: readonly Located<string>[]) =>
    values.flatMap((value) => located(`${path}.${keyword}`, value, path))
  return [
    { path, value: 'vrrp_instance', line: instance.line },
    ...located(`${path}.name`, { value: instance.name, line: instance.line }, path),
    ...located(`${path}.state`, instance.state, path),
    ...located(`${path}.interface`, instance.interface, path),
    ...located(`${path}.virtual_router_id`, instance.virtualRouterId, path),
    ...located(`${path}.priority`, instance.priority, path),
    ...located(`${path}.advert_int`, instance.advertInterval, path),
    ...located(`${path}.version`, instance.version, path),
    ...located(`${path}.nopreempt`, instance.nopreempt, path),
    ...located(`${path}.accept`, instance.accept, path),
    ...Object.entries(instance.garp).flatMap(([key, value]) =>
      located(`${path}.${key}`, value, path),
    ),
    ...located(`${path}.authentication.auth_type`, authentication?.type, path),
    ...located(`${path}.authentication.auth_pass`, authentication?.passwordDigest, path),
    ...located(`${path}.unicast_src_ip`, instance.unicastSource, path),
    ...list('unicast_peer', instance.unicastPeers),
    ...instance.addresses.flatMap(({ address, prefixLength, device, excluded, line }) => {
      const prefix = prefixLength === undefined ? '' : `/${String(prefixLength)}`
      const value = `${address}${prefix}${device === undefined ? '' : ` dev ${device}`}`
      const keyword = excluded ? 'virtual_ipaddress_excluded' : 'virtual_ipaddress'
      return located(`${path}.${keyword}`, { value, line }, path)
    }),
    ...list('virtual_routes', instance.routes),
    ...list('virtual_rules', instance.rules),
    ...list('track_script', instance.trackScripts),
    ...list('track_interface', instance.trackInterfaces),
    ...instance.others.map((directive) => directiveEntry(path, directive)),
  ]
}

const located = (
  path: string,
  value: Located<string | number | true> | undefined,
  within: string,
): Entry[] =>
  value === undefined
    ? []
    : [
        {
          path,
          value: value.value === true ? (path.split('.').at(-1) ?? '') : String(value.value),
          line: value.line,
          within,
        },
      ]

function directiveEntry(
  within: string,
  { words: [keyword = '', ...values], line }: Directive,
): Entry {
  return {
    path: within ? `${within}.${keyword}` : keyword,
    value: values.join(' ') || keyword,
    line,
    ...(within && { within }),
  }
}
