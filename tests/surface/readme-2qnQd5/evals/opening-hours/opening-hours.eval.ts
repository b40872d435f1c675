// evals/opening-hours/opening-hours.eval.ts
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: 'opening-hours',
  description: 'Says whether the clinic is open at the time a patient asks about.',
  cases: [
    { id: 'mon-9', role: 'train', input: 'Can I come on Monday at 9?', expected: 'open' },
    { id: 'sun-9', role: 'dev', input: 'Can I come on Sunday at 9?', expected: 'closed' },
    { id: 'tue-7', role: 'gate', input: 'Can I come on Tuesday at 7 in the evening?', expected: 'closed' },
    { id: 'tue-7-twin', role: 'twin', twinOf: 'tue-7', input: 'Is Tuesday, 7 pm, still fine?', expected: 'closed' },
  ],
  prompt: 'The clinic is open Monday to Friday, 8 to 18. Answer "open" or "closed". {{input}}',
  graders: [graders.label({ labels: ['open', 'closed'] })],
  chance: 0.5,
})
