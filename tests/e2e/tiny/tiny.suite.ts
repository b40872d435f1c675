/** @file The smallest suite that runs end to end: one feature, one retention eval, two arms of a few steps. Proves the way, not the learning. */
import { defineEval, defineSuite, graders } from 'holdfast'

const colours = ['red', 'blue']
const rows = (role: 'train' | 'dev' | 'gate', count: number): { id: string; role: typeof role; input: string; expected: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${role}-${index}`,
    role,
    input: `Car ${role} ${index} is ${colours[index % 2]}. Colour?`,
    expected: colours[index % 2] as string,
  }))

/** Two gate cases in other words: without twins an arm with rewards is refused. */
const twins = rows('gate', 2).map(({ id, expected }) => ({
  id: `${id}-twin`,
  role: 'twin' as const,
  twinOf: id,
  input: `Which colour has the ${expected} car (${id})?`,
  expected,
}))

const colour = defineEval({
  name: 'colour',
  cases: [...rows('train', 16), ...rows('dev', 4), ...rows('gate', 12), ...twins],
  prompt: '{{input}}',
  graders: [graders.label({ labels: colours })],
  sampling: { maxNewTokens: 4 },
})

const echo = defineEval({
  name: 'echo',
  cases: [...rows('dev', 4), ...rows('gate', 12)],
  prompt: 'Say again: {{input}}',
  graders: [graders.label({ labels: colours })],
  sampling: { maxNewTokens: 4 },
})

const optimizer = { learningRate: 0.001, warmUpSteps: 1 }

export default defineSuite({
  name: 'tiny',
  base: 'models/nano',
  features: [colour],
  retention: [echo],
  arms: [
    { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 4, batchSize: 4, ...optimizer } },
    { name: 'grpo', role: 'candidate', method: { name: 'grpo', steps: 2, promptsPerStep: 2, samplesPerPrompt: 4, ...optimizer } },
    { name: 'frozen', role: 'control', method: { name: 'sft', steps: 2, batchSize: 4, learningRate: 0 } },
  ],
  lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] },
  checkpoints: 2,
  devCases: 4,
})
