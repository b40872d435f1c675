/**
 * @file Says what of a suite has changed since a run of it was planned: the cases, prompts or graders of which eval, or its settings.
 * It needs no model: what the run recorded of its base is taken as it is.
 */
import { join } from 'node:path'
import { canonicalJson } from '../../base/json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case } from '../../eval/case.ts'
import type { Eval } from '../../eval/eval.ts'
import { readAllRecords } from '../../ledger/read-records.ts'
import { planDifferences } from '../../ledger/plan-differences.ts'
import { casesFile } from '../../ledger/run-layout.ts'
import { recordedCaseSchema } from '../../ledger/run-records.ts'
import type { Plan, PlannedEval, RecordedCase } from '../../ledger/run-records.ts'
import type { RunReader } from '../../ledger/run.ts'
import { planRun } from '../../round/plan-run.ts'
import type { Suite } from '../../suite/checked-suite.ts'

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
  return found.length > 0 ? found : [restOf(plan, now)]
}

/** What no eval shows. */
function restOf(plan: Plan, now: Plan): string {
  const rest = ({ evals: _, settings, ...others }: Plan): unknown => ({
    ...others,
    suite: null,
    ...(plan.settings === undefined ? {} : { settings }),
  })
  const differences = planDifferences(rest(plan), rest(now)).filter((difference) => !difference.startsWith('warnings'))
  const named = differences.length === 0 ? '' : ` (${listFew(differences)})`
  return `arms, methods, gate or other settings changed since it was planned by Holdfast ${plan.holdfastVersion}${named}`
}

async function evalChanges(run: RunReader, now: PlannedEval, definition: Eval): Promise<readonly string[]> {
  const before = run.plan.evals.find(({ name }) => name === now.name)
  if (before === undefined) return [`eval "${now.name}" is new`]
  const recorded = await readAllRecords(join(run.directory, casesFile(now.name)), recordedCaseSchema)
  const cases = changedCases(recorded, definition)
  const rest = [
    ...(cases.length === 0 && before.contentHash !== now.contentHash ? ['training cases or demonstrations'] : []),
    ...(before.graderHash === now.graderHash ? [] : gradersText(before, now)),
    ...settingsText(before, now),
  ]
  return [
    ...(cases.length === 0 ? [] : [`eval "${now.name}" has other cases: ${listFew(cases)}`]),
    ...(rest.length === 0 ? [] : [`the ${listWords(rest)} of eval "${now.name}" changed`]),
  ]
}

/** Which of them, where the same ones are still there; none where another threshold explains it. */
function gradersText(before: PlannedEval, now: PlannedEval): readonly string[] {
  const hashes = new Map(before.graders.map(({ name, hash }) => [name, hash]))
  const changed = now.graders.filter(({ name, hash }) => hashes.has(name) && hashes.get(name) !== hash)
  if (changed.length > 0) return [`graders (${changed.map(({ name }) => quoteUntrusted(name)).join(', ')})`]
  return before.passThreshold === now.passThreshold || before.graders.length !== now.graders.length ? ['graders'] : []
}

function settingsText(before: PlannedEval, now: PlannedEval): readonly string[] {
  const [earlier, later] = [settingsOf(before), settingsOf({ ...now, settings: before.settings && now.settings })]
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(later)])]
  const changed = names.filter((name) => canonicalJson(earlier[name] ?? null) !== canonicalJson(later[name] ?? null))
  return changed.length === 0 ? [] : [`settings (${changed.join(', ')})`]
}

function settingsOf(planned: PlannedEval): Readonly<Record<string, unknown>> {
  const { kind, blocking, margin, minEffect, chance, expectedFlips, passThreshold, repeats, graded, settings } = planned
  return { kind, blocking, margin, minEffect, chance, expectedFlips, passThreshold, repeats, graded, ...settings }
}

/** Among the cases that are graded, which the run recorded: those that changed, in what, those that are new and those that are gone. */
function changedCases(recorded: readonly RecordedCase[], definition: Eval): readonly string[] {
  const byId = new Map(recorded.map((row) => [row.id, row]))
  const found: string[] = []
  for (const row of definition.cases) {
    const before = byId.get(row.id)
    byId.delete(row.id)
    if (before === undefined) {
      if (row.role !== 'train') found.push(`${quoteUntrusted(row.id)} is new`)
      continue
    }
    const members = changedMembers(before, { ...row, messages: definition.messages.get(row.id) })
    if (members.length > 0) found.push(`${quoteUntrusted(row.id)} (${members.join(', ')})`)
  }
  return [...found, ...[...byId.keys()].map((id) => `${quoteUntrusted(id)} is gone`)]
}

const MEMBERS = ['role', 'input', 'expected', 'tags', 'cluster', 'twinOf'] as const

/** The prompt is named only where nothing that it is made of explains it. */
function changedMembers(before: RecordedCase, now: Case & { readonly messages: unknown }): readonly string[] {
  const differs = (name: keyof RecordedCase): boolean =>
    canonicalJson(before[name] ?? null) !== canonicalJson((now as Partial<RecordedCase>)[name] ?? null)
  const members = MEMBERS.filter(differs)
  return members.length === 0 && differs('messages') ? ['prompt'] : members
}

const NAMED = 3

function listFew(texts: readonly string[]): string {
  const more = texts.length - NAMED
  return `${texts.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
