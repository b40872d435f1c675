/** @file A suite of one feature, one retention eval and one arm whose base model is not there. */
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

const sums = defineEval({
  name: 'sums',
  cases: [
    { id: 'd', role: 'dev', input: '1 + 1', expected: '2' },
    { id: 'e', role: 'gate', input: '1 + 2', expected: '3' },
  ],
  prompt: '{{input}}',
  graders: [graders.exactMatch()],
})

export default defineSuite({
  name: 'no-base',
  base: 'no-such-model-directory',
  features: [yesNo],
  retention: [sums],
  arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 1, batchSize: 1, learningRate: 0.001 } }],
})
