import { expect, it } from 'vitest'
import type { Prompt } from '../../../../preload/contract/ssh'
import { Prompts, type Question } from '../../../../main/services/prompts'

const question: Question = {
  kind: 'password',
  cloud: 'alpha',
  user: 'ubuntu',
  subject: 'amphora 1',
}
const never = new AbortController().signal

async function openIn(prompts: Prompts): Promise<readonly Prompt[]> {
  for await (const open of prompts.follow(never)) return open
  return []
}

it('shows a question until it is answered, and takes one answer', async () => {
  const prompts = new Prompts()
  const asked = prompts.ask(question, never)
  const [open] = await openIn(prompts)
  expect(open).toEqual({ ...question, id: open!.id })

  prompts.answer(open!.id, { kind: 'texts', texts: ['first'] })
  prompts.answer(open!.id, { kind: 'texts', texts: ['second'] })
  expect(await asked).toEqual({ kind: 'texts', texts: ['first'] })
  expect(await openIn(prompts)).toEqual([])
})

it('asks one question for all who ask the same, and answers them all', async () => {
  const prompts = new Prompts()
  const asked = [prompts.ask(question, never), prompts.ask(question, never)]
  const open = await openIn(prompts)
  expect(open).toHaveLength(1)
  prompts.answer(open[0]!.id, { kind: 'refuse' })
  expect(await Promise.all(asked)).toEqual([{ kind: 'refuse' }, { kind: 'refuse' }])
})

it('withdraws a question when the last who asked has gone', async () => {
  const prompts = new Prompts()
  const [one, two] = [new AbortController(), new AbortController()]
  const asked = [prompts.ask(question, one.signal), prompts.ask(question, two.signal)].map((work) =>
    work.catch((error: unknown) => error),
  )
  one.abort()
  expect(await asked[0]).toMatchObject({ code: 'cancelled' })
  expect(await openIn(prompts)).toHaveLength(1)
  two.abort()
  expect(await asked[1]).toMatchObject({ code: 'cancelled' })
  expect(await openIn(prompts)).toEqual([])
})

it('ignores an answer to a question it does not know', async () => {
  const prompts = new Prompts()
  prompts.answer('p9', { kind: 'accept' })
  expect(await openIn(prompts)).toEqual([])
})
