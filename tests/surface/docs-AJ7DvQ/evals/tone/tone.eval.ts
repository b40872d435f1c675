// evals/tone/tone.eval.ts
import { defineEval, graders } from 'holdfast'

const model = 'http://127.0.0.1:36041/v1#judge'

export default defineEval({
  name: 'tone',
  cases: [
    {
      id: 't-1',
      role: 'dev',
      input: 'My bill is wrong again!',
      expected: 'An apology and a next step.',
      chosen: 'I am sorry. I will check it today.',
    },
  ],
  passThreshold: 0.75,
  graders: [
    graders.judge.rubric({
      model,
      criteria: [
        { name: 'apology', text: 'It says sorry.' },
        { name: 'step', text: 'It names a next step.', weight: 2 },
      ],
    }),
  ],
  auditGraders: [
    graders.judge.score({ model, rubric: '5 is kind and clear, 1 is rude or empty.', range: [1, 5] }),
    graders.judge.label({ model, question: 'Is the answer polite?', labels: ['polite', 'rude'], passing: ['polite'] }),
    graders.judge.pairwise({ model, against: 'chosen' }),
  ],
})
