/**
 * @file Says what of a suite has changed since a run of it was planned: the cases, prompts or graders of which eval, or its settings.
 * It needs no model: what the run recorded of its base is taken as it is.
 */
import { join } from 'node:path'
import { canonicalJson } from '../../base/json.ts'
import type { Eval } from '../../eval/eval.ts'
import { readAllRecords } from '../../ledger/read-records.ts'
import { casesFile } from '../../ledger/run-layout.ts'
import { recordedCaseSchema } from '../../ledger/run-records.ts'
import type { Plan, PlannedEval, RecordedCase } from '../../ledger/run-records.ts'
import type { RunReader } from '../../ledger/run.ts'
import { planRun } from '../../round/plan-run.ts'
import type { Suite } from '../../suite/check-suite.ts'

/**
 * What changed, one phrase each; empty when the run fits. `suite` must have been checked as the run was planned: with its arms, budget, seed and trainer.
 */
export async function changesSince(run: RunReader, suite: Suite): Promise<readonly string[]> {
  const { plan } = run
  const now = planRun({
    run: plan.run,
    suite,
    base: { ...plan.base, runtime: plan.runtime },
    ...(plan.trainer === undefined ? {} : { trainer: plan.trainer }),
  })
  if (now.suite.hash === plan.suite.hash) return []
  const evals = new Map([...suite.features, ...suite.retention].map((entry) => [entry.eval.name, entry.eval]))
  const changes: string[] = []
  for (const planned of now.evals) changes.push(...(await evalChanges(run, planned, evals.get(planned.name) as Eval)))
  const gone = plan.evals.filter(({ name }) => !evals.has(name)).map(({ name }) => `eval "${name}" is gone`)
  const found = [...changes, ...gone]
  return found.length > 0 ? found : [restOf(plan)]
}

/** Nothing that the run recorded by itself: training cases, which only the suite's hash holds, or settings. */
function restOf(plan: Plan): string {
  return `training cases, arms, methods, gate or other settings changed since it was planned by Holdfast ${plan.holdfastVersion}`
}

async function evalChanges(run: RunReader, now: PlannedEval, definition: Eval): Promise<readonly string[]> {
  const before = run.plan.evals.find(({ name }) => name === now.name)
  if (before === undefined) return [`eval "${now.name}" is new`]
  const recorded = await readAllRecords(join(run.directory, casesFile(now.name)), recordedCaseSchema)
  const { content, prompts } = caseChanges(recorded, definition)
  const sets = before.setHash !== now.setHash || canonicalJson(before.caseCounts) !== canonicalJson(now.caseCounts)
  const parts = [
    ...(sets || content ? ['cases'] : []),
    ...(prompts ? ['prompts'] : []),
    ...(before.graderHash === now.graderHash ? [] : ['graders']),
    ...(canonicalJson(settingsOf(before)) === canonicalJson(settingsOf(now)) ? [] : ['settings']),
  ]
  return parts.length === 0 ? [] : [`the ${listWords(parts)} of eval "${now.name}" changed`]
}

function settingsOf({ kind, blocking, margin, minEffect, chance, expectedFlips, repeats, graded }: PlannedEval): unknown {
  return { kind, blocking, margin, minEffect, chance, expectedFlips, repeats, graded }
}

/** Among the cases that the run recorded: all that it graded. */
function caseChanges(recorded: readonly RecordedCase[], definition: Eval): { content: boolean; prompts: boolean } {
  const byId = new Map(recorded.map((row) => [row.id, row]))
  let [content, prompts] = [false, false]
  for (const row of definition.cases) {
    const before = byId.get(row.id)
    if (before === undefined) continue
    content ||= canonicalJson([before.input, before.expected, before.role]) !== canonicalJson([row.input, row.expected, row.role])
    prompts ||= canonicalJson(before.messages) !== canonicalJson(definition.messages.get(row.id))
  }
  return { content, prompts: prompts && !content }
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
