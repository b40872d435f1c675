import { expect, test } from 'vitest'
import type { CaseInput } from '../../../src/eval/case.ts'
import type { Message } from '../../../src/eval/completion.ts'
import { failureOf, loadWith } from '../load.ts'

const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })
const system = (content: string): Message => ({ role: 'system', content })
const train = (id: string): CaseInput => ({ id, input: `q-${id}`, expected: `a-${id}`, role: 'train' })

test('loadEval() puts the filled system prompt first, then examples asked through the prompt, then the case', async () => {
  const { messages } = await loadWith({
    cases: [{ id: 'a', input: { topic: 'sums', q: '1+1' }, expected: '2', role: 'gate' }],
    system: 'You do {{input.topic}}.',
    prompt: [system('never used')].slice(1).concat(user('Solve {{input.q}}')),
  })
  expect(messages.get('a')).toEqual([system('You do sums.'), user('Solve 1+1')])
  const shown = await loadWith({ system: 'S', prompt: 'Q: {{input}}', fewShot: [{ input: '2+2', output: '4' }] })
  expect(shown.messages.get('a')).toEqual([system('S'), user('Q: 2+2'), assistant('4'), user('Q: 1+1')])
})

test("loadEval() puts examples between the prompt's own system message and its question, and asks a prompt function for them", async () => {
  const prompt = (row: { input: string; id: string }): Message[] => [system(`for ${row.id}`), user(row.input)]
  const { messages } = await loadWith({ prompt, fewShot: [{ input: '2+2', output: '4' }] })
  expect(messages.get('a')).toEqual([system('for a'), user('2+2'), assistant('4'), user('1+1')])
})

test('loadEval() refuses two system prompts', async () => {
  expect(await failureOf({ system: 'S', prompt: [system('T'), user('{{input}}')] })).toMatchInlineSnapshot(`
    "PROMPT_INVALID  The prompt is not a list of messages: the eval has a system prompt, and the prompt or the turns of the case have another
      where  evals/sum.eval.ts (case "a")
      fix    give messages like { role: "user", content: "…" }; roles are system, user, assistant and tool"
  `)
  const cases = [{ id: 'a', input: '', expected: '', role: 'gate', turns: [system('T'), user('x')] }]
  expect(await failureOf({ system: 'S', cases, prompt: undefined })).toContain('PROMPT_INVALID')
})

test('loadEval() refuses a system prompt that names what a case does not have', async () => {
  expect(await failureOf({ system: '{{input.language}}' })).toContain('PROMPT_FIELD_UNKNOWN')
})

test('loadEval() shows training cases with their demonstrations, never the case itself nor the case that it is a twin of', async () => {
  const cases = [...['a', 'b', 'c', 'd', 'e', 'f'].map(train), { id: 'g', input: 'q-g', expected: 'a-g', role: 'gate' }]
  const options = { cases, fewShot: { from: 'train', count: 2 }, prompt: '{{input}}!' }
  const loaded = await loadWith(options)
  const shownTo = (id: string): string[] => (loaded.messages.get(id) ?? []).slice(0, -1).map(({ content }) => content)
  const [first = '', , second = ''] = shownTo('g')
  expect(shownTo('g')).toEqual([first, first.replace('q', 'a').slice(0, -1), second, second.replace('q', 'a').slice(0, -1)])
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    expect(shownTo(id)).toHaveLength(4)
    expect(shownTo(id)).not.toContain(`q-${id}!`)
  }
  // Chosen by the hash of ids: the order of the file does not matter.
  const turned = await loadWith({ ...options, cases: cases.toReversed() })
  expect(turned.messages.get('g')).toEqual(loaded.messages.get('g'))
  const original = first.slice(2, -1)
  const twin = { id: 't', input: 'paraphrase', expected: 'x', role: 'twin', twinOf: original }
  const withTwin = await loadWith({ ...options, cases: [...cases, twin] })
  const contents = (withTwin.messages.get('t') ?? []).map(({ content }) => content)
  expect([contents.length, contents.includes(first)]).toEqual([5, false])
})

test('loadEval() refuses to show more training cases than there are', async () => {
  const cases = [train('a'), { id: 'g', input: 'g', expected: 'g', role: 'gate' }]
  expect(await failureOf({ cases, fewShot: { from: 'train', count: 3 } })).toMatchInlineSnapshot(`
    "EVAL_INVALID  The eval definition is not usable: fewShot shows 3 training cases, but there are 1
      where  evals/sum.eval.ts
      fix    correct these members of defineEval({ … })"
  `)
})

test('loadEval() refuses an example that asks what a gate case asks', async () => {
  expect(await failureOf({ prompt: 'Q: {{input}}', fewShot: [{ input: '1+1 ', output: '2' }], system: 'S' })).toMatchInlineSnapshot(`
    "CASES_SHARED  Eval "sum" asks the same in training and in judgement: few-shot example 1 and "a" (gate)
      where  evals/sum.eval.ts
      fix    remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space); onDuplicate: 'number' or 'drop' gives rows that ask the same one role"
  `)
})

test('loadEval() puts the turns of a case after the prompt, or asks them alone without a prompt', async () => {
  const turns: Message[] = [
    user('Book a table'),
    { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'find', arguments: '{}' }] },
    { role: 'tool', content: 'none free', toolCallId: 'c1' },
  ]
  const cases = [
    { id: 'm', input: 'x', expected: 'y', role: 'gate', turns },
    { id: 's', input: { q: 1 }, expected: 'y', role: 'dev' },
  ]
  const asked = await loadWith({ cases, prompt: [system('Waiter for {{input}}')] })
  expect(asked.messages.get('m')).toEqual([system('Waiter for x'), ...turns])
  const alone = await loadWith({ cases, prompt: undefined, system: 'W' })
  expect(alone.messages.get('m')).toEqual([system('W'), ...turns])
  expect(alone.messages.get('s')).toEqual([system('W'), user('{"q":1}')])
})

test('loadEval() tells cases without ids apart by their turns', async () => {
  const cases = ['x', 'y'].map((content) => ({ input: '', expected: '', role: 'gate', turns: [user(content)] }))
  expect(new Set((await loadWith({ cases })).cases.map(({ id }) => id)).size).toBe(2)
})
