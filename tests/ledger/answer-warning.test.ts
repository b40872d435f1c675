import { describe, expect, it } from 'vitest'
import { answerWarning } from '../../src/ledger/answer-warning.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'

type Answer = Pick<GradeRecord, 'completion' | 'finishReason'>
const names = { model: 'the base', evalName: 'refill' }
const many = (count: number, completion: string, finishReason: Answer['finishReason'] = 'stop'): Answer[] =>
  Array.from({ length: count }, () => ({ completion, finishReason }))

describe('answerWarning()', () => {
  it('names answers that are nearly all empty, cut or not', () => {
    expect(answerWarning([...many(19, ' \n', 'length'), ...many(1, 'x')], names)).toEqual({
      code: 'ANSWERS_EMPTY',
      message:
        '19 of 20 answers of the base to eval "refill" are empty: look at the prompt, at a limit that thinking uses up, and at parse',
    })
  })

  it('names answers that are nearly all cut off', () => {
    expect(answerWarning(many(5, 'so', 'length'), names)).toEqual({
      code: 'ANSWERS_CUT',
      message: '5 of 5 answers of the base to eval "refill" are cut off at the limit: raise sampling.maxNewTokens, or look why none ends',
    })
  })

  it('is silent where a tenth is well, on few answers, on tool calls without text, and on answers that never came', () => {
    expect(answerWarning([...many(18, '', 'length'), ...many(2, 'x')], names)).toBe(null)
    expect(answerWarning(many(4, ''), names)).toBe(null)
    expect(answerWarning(many(2, ''), { ...names, fewest: 2 })?.code).toBe('ANSWERS_EMPTY')
    expect(answerWarning(many(1, ''), { ...names, fewest: 2 })).toBe(null)
    expect(answerWarning(many(20, '', 'tool-calls'), names)).toBe(null)
    expect(answerWarning(many(20, '', 'error'), names)).toBe(null)
  })
})
