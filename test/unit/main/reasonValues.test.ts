import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../../preload/contract/error'
import english from '../../../renderer/locales/en/reason.json'
import vietnamese from '../../../renderer/locales/vi/reason.json'

/** Names of the values that every error of a reason carries, as far as the types of main's sources promise them. */
const carried = new Map<string, Set<string>>()
/** Calls whose reason may be any: their values would be promised by none. */
const vague: string[] = []

const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(
  'main/tsconfig.json',
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => {
      throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
    },
  },
)!
const program = ts.createProgram(fileNames, options)
const checker = program.getTypeChecker()
for (const source of program.getSourceFiles()) {
  if (!/\/main\/(?!.*\/node_modules\/)/.test(source.fileName) || source.isDeclarationFile) continue
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'AppError.because')
      take(node, `${source.fileName}:${node.pos}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
}

function take({ arguments: [reason, , details] }: ts.CallExpression, where: string): void {
  const type = checker.getTypeAtLocation(reason!)
  const reasons = (type.isUnion() ? type.types : [type]).map(
    (one) => (one as ts.StringLiteralType).value,
  )
  if (reasons.length === Object.keys(REASONS).length) vague.push(where)
  const values = details && checker.getTypeAtLocation(details).getProperty('values')
  const names = new Set<string>()
  if (values) {
    const carriedType = checker.getTypeOfSymbolAtLocation(values, details)
    for (const one of checker.getPropertiesOfType(carriedType))
      if (!(one.flags & ts.SymbolFlags.Optional)) names.add(one.name)
  }
  for (const one of reasons) {
    const before = carried.get(one)
    carried.set(one, before ? new Set([...before].filter((name) => names.has(name))) : names)
  }
}

type Words = Readonly<Record<string, Readonly<Record<string, { title: string; advice: string }>>>>
const placeholders = (text: string): string[] =>
  Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name!)

describe.each([
  ['English', english as Words],
  ['Vietnamese', vietnamese as Words],
])('the sentences of the reasons in %s', (_language, words) => {
  const all = Object.entries(words).flatMap(([area, reasons]) =>
    Object.entries(reasons).map(([name, sentences]) => ({
      reason: `${area}.${name}`,
      ...sentences,
    })),
  )

  it('use only values that every error of the reason carries', () => {
    const lacking = all.flatMap(({ reason, advice }) =>
      placeholders(advice)
        .filter((name) => !carried.get(reason)?.has(name))
        .map((name) => `${reason}: ${name}`),
    )
    expect(lacking).toEqual([])
  })

  it('have titles without values, which stand alone where only the reason is known', () => {
    expect(all.filter(({ title }) => placeholders(title).length > 0)).toEqual([])
  })
})

it('is known of every call which reasons it may name', () => {
  expect(vague).toEqual([])
  expect(carried.size).toBeGreaterThan(50)
})
