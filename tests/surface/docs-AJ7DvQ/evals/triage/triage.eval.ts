// evals/triage/triage.eval.ts
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: 'triage',
  description: 'How soon a patient must be seen.',
  cases: new URL('./messages.csv', import.meta.url),
  fields: { id: 'ticket', input: 'text', expected: 'urgency', cluster: 'patient' },
  roles: { train: 0.4, dev: 0.2, gate: 0.4 },
  system: 'You sort the messages that a clinic gets.',
  prompt: 'Answer "today", "week" or "routine".\n\n{{input}}',
  fewShot: [{ input: 'My chest hurts and I cannot breathe.', output: 'today' }],
  parse: (text) => text.replace(/^Urgency: /, ''),
  graders: [graders.label({ labels: ['today', 'week', 'routine'] })],
  chance: 1 / 3,
  minPass: 0.8,
})
