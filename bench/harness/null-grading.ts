/**
 * @file Grades cases through a model that answers at once: what is left is what the harness itself costs.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { Eval } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import { gradeCases } from '../../src/grading/grade-cases.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import type { Model } from '../../src/model/model.ts'

const ANSWER = {
  text: '{"drug":"Xanax","dose":20}',
  tokenIds: [5, 6, 7, 8, 9, 2],
  logProbs: [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6],
  finishReason: 'stop',
} as const

const nullModel: Model = {
  identity: { base: 'null', adapter: null, tokenizer: 'null', precision: 'none', device: 'none', engine: 'null' },
  renderedHash: () => '0000000000000000',
  // Lists of its own for each completion, as every real model has them.
  generate: (prompts) =>
    Promise.resolve(
      prompts.map(({ seeds }) => seeds.map(() => ({ ...ANSWER, tokenIds: [...ANSWER.tokenIds], logProbs: [...ANSWER.logProbs] }))),
    ),
  close: () => Promise.resolve(),
}

const context = { run: 'bench', suiteHash: 'bench', suiteSeed: 1, arm: null, round: null, step: null, trainingSeeds: null, parent: null }

/** An eval with this many gate cases, loaded as from a user's file. */
export function loadNullEval(count: number): Promise<Eval> {
  const cases = Array.from({ length: count }, (_, n) => ({
    id: `case-${n}`,
    input: { message: `Please send ${n} more boxes of Xanax 20 mg` },
    expected: { drug: 'Xanax', dose: 20 },
    role: 'gate' as const,
  }))
  const grader = jsonMatch({ fields: { drug: 'text', dose: 'number' } })
  const definition = defineEval({ name: 'bench', cases, prompt: 'Refill to JSON: {{input.message}}', graders: [grader] })
  return loadEval(definition, { origin: 'bench' })
}

/** Grades all cases into a new ledger file of the directory, and leaves it there where `keep` says so. */
export async function gradeNull(loaded: Eval, directory: string, keep = false): Promise<readonly GradeRecord[]> {
  const ledgerFile = join(directory, 'grades.jsonl')
  const records = await gradeCases({ eval: loaded, cases: loaded.cases, model: nullModel, purpose: 'gate', context, ledgerFile })
  if (!keep) rmSync(ledgerFile)
  return records
}
