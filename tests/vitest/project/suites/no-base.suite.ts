/** @file A suite of one feature and one arm whose base model is not there. */
import { defineEval, defineSuite, graders } from 'holdfast'

const yesNo = defineEval({
  name: 'yes-no',
  cases: [
    { id: 'a', role: 'train', input: 'Is it open?', expected: 'yes' },
    { id: 'b', role: 'dev', input: 'Is it shut?', expected: 'no' },
    { id: 'c', role: 'gate', input: 'Is it on?', expected: 'yes' },
  ],
  prompt: '{{input}}',
  graders: [graders.exactMatch()],
})

export default defineSuite({
  name: 'no-base',
  base: 'no-such-model-directory',
  features: [yesNo],
  retention: [],
  arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 1, batchSize: 1, learningRate: 0.001 } }],
})
