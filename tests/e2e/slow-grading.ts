/**
 * @file Grades a fixed eval through a slow model without weights into the ledger file that is its argument, and says when it begins. Run as a process of
 * its own by grading-killed.real.test.ts, which kills it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Eval } from '../../src/eval/eval.ts'
import { IntakeCounts } from '../../src/eval/cases/intake.ts'
import { exactMatch } from '../../src/grader/exact-match.ts'
import { gradeCases } from '../../src/grading/grade-cases.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import type { Model } from '../../src/model/model.ts'
import { scriptedModel } from '../model/scripted-model.ts'

export const CASES = 3000
export const REPEATS = 2
export const CHUNK_SIZE = 5

const CONTEXT = { run: 'r', suiteHash: 's', suiteSeed: 7, arm: null, round: null, step: null, trainingSeeds: null, parent: null }

/** Right in about two of three answers, by the seed of the row. */
const inner = scriptedModel((question, random) => String(Number.parseInt(question, 10) + (random < 0.65 ? 1 : 0)))

/** The eval that is graded. Put together here: loading it would also load every kind of grader and case file, twenty times. */
export function slowEval(): Eval {
  const cases = Array.from({ length: CASES }, (_, n) => ({
    id: `c${n}`,
    input: `${n}+1`,
    expected: String(n + 1),
    role: 'gate' as const,
    tags: [],
  }))
  return {
    ...{
      kind: 'holdfast.eval',
      name: 'sums',
      description: '',
      origin: 'slow-grading.ts',
      cases,
      prompt: '{{input}}',
      tools: [],
      parse: null,
      code: null,
    },
    ...{ reducer: 'mean', minPass: null, perCase: false, auditGraders: [], passThreshold: 1, chance: 0, expectedFlips: 0.1, graded: false },
    ...{ repeats: REPEATS, sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 64 }, demonstrations: {} },
    graders: [exactMatch()],
    intake: new IntakeCounts().intake,
    messages: new Map(cases.map(({ id, input }) => [id, [{ role: 'user', content: input }]])),
  }
}

/** Grades it, waiting so long before every answer of the model. */
export async function gradeSlowly(ledgerFile: string, chunkMs: number, onStart?: () => void): Promise<readonly GradeRecord[]> {
  const sums = slowEval()
  const model: Model = {
    ...inner,
    generate: async (...given) => {
      onStart?.()
      if (chunkMs > 0) await sleep(chunkMs)
      return inner.generate(...given)
    },
  }
  return gradeCases({ eval: sums, cases: sums.cases, model, purpose: 'gate', context: CONTEXT, ledgerFile, chunkSize: CHUNK_SIZE })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await gradeSlowly(process.argv[2] ?? '', 20, () => process.stdout.write('.'))
}
