import { expect, it } from 'vitest'
import { inOneLine, sentenceParts } from '../../../../../renderer/components/finding/sentence'

const A = '0ad5e0f1-1111-4222-8333-444455556666'

it('cuts a sentence at machine text and at the amphorae that have a name', () => {
  expect(sentenceParts(`On ${A}: run \`systemctl start x\`.`, [A])).toEqual([
    { kind: 'text', text: 'On ' },
    { kind: 'amphora', text: A },
    { kind: 'text', text: ': run ' },
    { kind: 'code', text: 'systemctl start x' },
    { kind: 'text', text: '.' },
  ])
})

it('leaves ids inside machine text whole, so that it can be copied and run', () => {
  expect(sentenceParts(`\`openstack loadbalancer amphora failover ${A}\``, [A])).toEqual([
    { kind: 'code', text: `openstack loadbalancer amphora failover ${A}` },
  ])
})

it('keeps a sentence without either as it is', () => {
  expect(sentenceParts('Nothing to cut.', [''])).toEqual([
    { kind: 'text', text: 'Nothing to cut.' },
  ])
})

it('shortens ids and drops marks where there is one line only', () => {
  expect(inOneLine(`On ${A}:\n run \`ls\``)).toBe('On 0ad5e0f1: run ls')
})
