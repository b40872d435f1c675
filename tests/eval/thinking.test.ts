import { expect, test } from 'vitest'
import { answerAfterThinking } from '../../src/eval/thinking.ts'

const answer = (text: string, finishReason: 'stop' | 'length' = 'stop'): string => answerAfterThinking({ text, finishReason })

test('answerAfterThinking() gives what follows the last thought', () => {
  expect(answer('<think>\nopen?\n</think>\n\nclosed')).toBe('closed')
  expect(answer('the template opened it</think> closed')).toBe('closed')
  expect(answer('<think>one</think><think>"</think>" two</think>{"a": 1}')).toBe('{"a": 1}')
})

test('answerAfterThinking() finds no answer in thoughts that never end', () => {
  expect(answer('<think>the answer is "open"', 'length')).toBe('')
  expect(answer('<think>the answer is "open"')).toBe('')
  expect(answer('I wonder whether it is open', 'length')).toBe('')
})

test('answerAfterThinking() takes a finished completion without thoughts as the answer', () => {
  expect(answer('open')).toBe('open')
})
