import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import type { Case } from '../../../src/eval/case.ts'
import { fillTemplate, renderPrompt } from '../../../src/eval/prompt/render-prompt.ts'

const row = (input: JsonValue): Case => ({ id: 'c1', input, expected: 'secret', role: 'gate', tags: [] })
const fill = (template: string, input: JsonValue): string => fillTemplate(template, input, 'evals/x.eval.ts (case "c1")')

test('fillTemplate() inserts text as it is and other values as JSON', () => {
  expect(fill('{{input}}', 'a')).toBe('a')
  expect(fill('{{ input.n }} {{input.list.1}} {{input.o}}', { n: 3, list: ['x', 'y'], o: { k: null } })).toBe('3 y {"k":null}')
})

test('fillTemplate() does not read inserted values as templates', () => {
  fc.assert(fc.property(fc.string(), (text) => fill('<{{input}}>', text) === `<${text}>`))
  expect(fill('{{input.a}}', { a: '{{input.b}} $& $1', b: 'no' })).toBe('{{input.b}} $& $1')
})

test('fillTemplate() refuses a field that the case does not have', () => {
  expect(() => fill('{{input.drug}}', { drugs: 'x', dose: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [PromptFieldError: PROMPT_FIELD_UNKNOWN  The prompt uses {{input.drug}}, which the case does not have
      where  evals/x.eval.ts (case "c1")
      fix    use one of {{input.drugs}}, {{input.dose}}]
  `)
  expect(() => fill('{{input.drug}}', 'plain')).toThrowErrorMatchingInlineSnapshot(`
    [PromptFieldError: PROMPT_FIELD_UNKNOWN  The prompt uses {{input.drug}}, which the case does not have
      where  evals/x.eval.ts (case "c1")
      fix    use {{input}}]
  `)
})

test.each(['input.constructor', 'input.__proto__', 'input.toString', 'input.list.length', 'expected', 'id', '', 'input.'])(
  'fillTemplate() cannot reach {{%s}}',
  (path) => {
    expect(() => fill(`{{${path}}}`, { list: [1] })).toThrow('PROMPT_FIELD_UNKNOWN')
  },
)

test('renderPrompt() makes a plain template one user message and fills each message of a list', async () => {
  expect(await renderPrompt('Q: {{input}}', row('x'), 'o')).toEqual([{ role: 'user', content: 'Q: x' }])
  const list = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: '{{input}}?' },
  ] as const
  expect(await renderPrompt(list, row('x'), 'o')).toEqual([list[0], { role: 'user', content: 'x?' }])
})

test('renderPrompt() refuses what is not messages', async () => {
  const prompt = (() => [{ role: 'robot', content: 3 }]) as never
  await expect(renderPrompt(prompt, row('x'), 'evals/x.eval.ts')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [PromptInvalidError: PROMPT_INVALID  The prompt is not a list of messages: 0.role: Invalid option: expected one of "system"|"user"|"assistant"|"tool"; 0.content: Invalid input: expected string, received number
      where  evals/x.eval.ts (case "c1")
      fix    give messages like { role: "user", content: "…" }; roles are system, user, assistant and tool]
  `)
  await expect(renderPrompt(() => [], row('x'), 'o')).rejects.toThrow('PROMPT_INVALID')
})

test('renderPrompt() names the case for which a prompt function throws', async () => {
  const prompt = (): never => {
    throw new TypeError('no\u001b[31m network')
  }
  await expect(renderPrompt(prompt, row('x'), 'evals/x.eval.ts')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [PromptThrewError: PROMPT_THREW  The prompt function threw: "no [31m network"
      where  evals/x.eval.ts (case "c1")
      fix    mend the eval's prompt function]
  `)
})
