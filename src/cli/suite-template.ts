/**
 * @file The text of a first suite: one feature, one retention eval, a supervised and a reinforcement arm that suit a model of any size to begin with.
 */

/** What the suite is made of. */
export interface SuiteTemplate {
  readonly name: string
  /** Model directory relative to the project, or a hub id. */
  readonly base: string
  /** Import lines and the variables that they bring. */
  readonly feature: { readonly importLine: string; readonly variable: string }
  readonly retention: { readonly importLine: string; readonly variable: string }
}

/** A suite file that runs as it stands. */
export function suiteSource({ name, base, feature, retention }: SuiteTemplate): string {
  return `/** @file What ships together: the features in the order the app gained them, and the skills that no round may lose. */
import { defineSuite, grpo, sft } from 'holdfast'
${retention.importLine}
${feature.importLine}

export default defineSuite({
  name: '${name}',
  // A Hugging Face directory or hub id. This one is a toy that runs on a laptop: put your own model here.
  base: ${JSON.stringify(base).replaceAll("'", "\\'").replace(/^"|"$/g, "'")},
  // Add each new feature at the end: it becomes one more round.
  features: [${feature.variable}],
  retention: [${retention.variable}],
  arms: [
    { name: 'sft', role: 'candidate', method: sft({ steps: 30, batchSize: 4, learningRate: 0.0005 }) },
    { name: 'grpo', role: 'candidate', method: grpo({ steps: 10, promptsPerStep: 4, samplesPerPrompt: 8, learningRate: 0.0005 }) },
  ],
  gate: { margin: 0.05, minEffect: 0.05 },
})
`
}
