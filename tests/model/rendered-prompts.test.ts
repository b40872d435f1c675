import { expect, it } from 'vitest'
import { openTokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import type { Message } from '../../src/eval/completion.ts'
import { createPromptRenderer } from '../../src/model/rendered-prompts.ts'
import { fileURLToPath } from 'node:url'

const tokenizer = openTokenizer(fileURLToPath(new URL('../../models/nano/', import.meta.url)))
const say = (content: string): readonly Message[] => [{ role: 'user', content }]

it('createPromptRenderer() renders a list of messages once, also among thousands of others, and each as the tokenizer does', () => {
  let count = 0
  const render = createPromptRenderer({
    renderChat: (messages, options) => {
      count++
      return tokenizer.renderChat(messages, options)
    },
  })
  const one = say('Which day is it?')
  expect([...render(one)]).toEqual([...tokenizer.renderChat(one, { addGenerationPrompt: true }).ids])
  expect(render(one)).toBe(render(one))
  expect(count).toBe(1)
  // An equal list is another list, and other tools another prompt.
  expect([...render(say('Which day is it?'))]).toEqual([...render(one)])
  render(one, [])
  expect(count).toBe(3)
  for (let n = 0; n < 2100; n++) render(say(`number ${n}`))
  expect([...render(one)]).toEqual([...tokenizer.renderChat(one, { addGenerationPrompt: true }).ids])
})
