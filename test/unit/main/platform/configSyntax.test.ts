import { expect, it } from 'vitest'
import { parseConfigFile } from '../../../../main/platform/configSyntax'

it('reads YAML 1.1 with its words for yes and no, anchors and merge keys', () => {
  expect(parseConfigFile('a.yaml', 'x: &x {verify: no}\ny: {<<: *x, insecure: yes}')).toEqual({
    x: { verify: false },
    y: { verify: false, insecure: true },
  })
})

it('reads an empty file as no clouds', () => {
  expect(parseConfigFile('a.yaml', '# nothing yet\n')).toEqual({})
})

it.each([
  ['a.yaml', 'clouds:\n  a: b\n   c: d\n', 2],
  ['a.yaml', 'clouds:\n  a: [1\n  b: 2\n', 3],
  ['a.yaml', 'clouds:\n  password: "s3cret\n', 3],
  ['a.yaml', '- a\n- b\n', 1],
  ['a.json', '{"clouds": {\n  "password": s3cret\n}}', 2],
  ['a.json', '', 1],
])('names the line where %s is broken, without quoting it: %j', (path, text, line) => {
  const parse = () => parseConfigFile(path, text)
  expect(parse).toThrow(
    expect.objectContaining({ reason: 'cloud.fileMalformed', values: { path, line } }),
  )
  expect(parse).not.toThrow(/s3cret/)
})
