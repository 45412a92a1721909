import { expect, it } from 'vitest'
import { parseIni } from '../../../../../main/domain/config/ini'
import { capture } from '../captures'

it('reads every setting of an agent, with its section and line', () => {
  const { settings, problems } = parseIni(capture('configurations/live/amp1.amphora-agent.conf'))
  expect(problems).toEqual([])
  expect(settings).toContainEqual({
    section: 'health_manager',
    key: 'controller_ip_port_list',
    value: '10.77.0.1:5555',
    line: 20,
  })
  expect(settings.filter(({ section }) => section === 'haproxy_amphora')).toHaveLength(10)
})

it('reads comments, values over several lines and keys said twice', () => {
  expect(parseIni('# c\n; c\na = 1\n[s]\nlist = x,\n  y\nlist: z\nempty =\nnonsense\n')).toEqual({
    settings: [
      { section: 'DEFAULT', key: 'a', value: '1', line: 3 },
      { section: 's', key: 'list', value: 'x, y', line: 5 },
      { section: 's', key: 'list', value: 'z', line: 7 },
      { section: 's', key: 'empty', value: '', line: 8 },
    ],
    problems: [{ line: 9, text: 'nonsense', kind: 'malformed' }],
  })
})
