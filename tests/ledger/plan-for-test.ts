/**
 * @file A small valid plan.
 */
import type { Plan } from '../../src/ledger/run-records.ts'

/** A plan of one round, with changes. */
export function planForTest(changes: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 1,
    mode: 'run',
    run: 'r1',
    suite: { name: 's', description: '', file: 'suites/s.suite.ts', hash: 'aaaa', budget: null },
    base: { name: 'nano', directory: 'models/nano', hash: 'bbbb', tokenizer: 'cccc', parameterCount: 10 },
    compared: null,
    runtime: 'test',
    holdfastVersion: '0.1.0',
    seed: 1,
    gate: { alpha: 0.05, margin: 0.05 },
    lora: null,
    rounds: [{ name: '01-refill', index: 1, feature: 'refill' }],
    arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 10 } }],
    evals: [],
    warnings: [],
    ...changes,
  }
}
