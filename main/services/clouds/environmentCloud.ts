import { define } from './define'
import type { CloudDefinition } from './definition'

/** Variables that only choose among clouds, and so make none. */
const SELECTORS = new Set([
  'OS_CLOUD',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  'OS_CLIENT_VENDOR_FILE',
  'OS_CLOUD_NAME',
])

/** Variables of test tools. */
const FOREIGN = ['OS_TEST', 'OS_STD', 'OS_LOG']

/**
 * The cloud that OS_* variables describe, called `envvars` or as OS_CLOUD_NAME says; undefined without any
 * (openstacksdk 4.0, `config/loader.py: _get_os_environ`).
 */
export function environmentCloud(
  environment: Readonly<Record<string, string | undefined>>,
): CloudDefinition | undefined {
  const variables = Object.entries(environment).filter(
    ([name, value]) =>
      name.startsWith('OS_') && value && !FOREIGN.some((prefix) => name.startsWith(prefix)),
  )
  if (variables.every(([name]) => SELECTORS.has(name))) return undefined
  const options = Object.fromEntries(
    variables.map(([name, value]) => [name.slice('OS_'.length).toLowerCase(), value]),
  )
  const name = environment['OS_CLOUD_NAME'] ?? 'envvars'
  return define(
    { name, source: 'environment' },
    { ...options, cloud: undefined, cloud_name: undefined, auth: {} },
  )
}
