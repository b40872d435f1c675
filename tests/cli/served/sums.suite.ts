/* oxlint-disable import/no-default-export -- a suite file */
/**
 * @file A suite whose only eval a server answers: for gates between servers.
 */
import { defineSuite } from '../../../src/suite/define-suite.ts'
import { tinyEval } from '../../round/tiny-suite.ts'
import sums from './sums.eval.ts'

export default defineSuite({
  name: 'served',
  base: 'unused',
  features: [sums],
  retention: [tinyEval('old-one')],
  arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 1, batchSize: 8, learningRate: 0.01 } }],
  gate: { margin: 0.3 },
})
