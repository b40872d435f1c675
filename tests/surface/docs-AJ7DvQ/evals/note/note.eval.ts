// evals/note/note.eval.ts
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: 'note',
  cases: [{ id: 'n-1', role: 'dev', input: 'Write: take two tablets after meals.', expected: 'Take two tablets after meals.' }],
  graders: [
    graders.formula({
      name: 'right-or-near',
      graders: { right: graders.exactMatch(), near: graders.rouge({ n: 'l' }) },
      expression: 'max(right, 0.5 * near)',
    }),
    graders.weighted({
      name: 'form',
      graders: [graders.regex({ pattern: /.*\./s, name: 'ends-with-a-period' }), graders.editDistance({ minSimilarity: 0.8 })],
      weights: [1, 3],
    }),
    graders.custom('short', ({ completion }) => completion.text.length <= 80, { weight: 0.5 }),
  ],
  auditGraders: [
    graders.javascript({
      name: 'no-shouting',
      source: 'function grade(sample, item) { return /[A-Z]{4}/.test(sample.output_text) ? 0 : 1 }',
    }),
  ],
})
