/**
 * @file Watches a training for reward hacking: the answers at every checkpoint are graded by audit graders, and on twins of dev cases by the eval's own
 * graders. None of it is ever rewarded. The rule is src/gate/reward-hacking.ts; this file grades, remembers and tells.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { appendJsonl, readCompleteLines } from '../base/jsonl.ts'
import type { Case } from '../eval/case.ts'
import type { GraderModels } from '../eval/grader.ts'
import { caseById, casesWithRole } from '../eval/cases/case-list.ts'
import { casesOf } from '../eval/load-eval.ts'
import { judgeHacking } from '../gate/reward-hacking.ts'
import { gradeCompletion } from '../grading/grade-completion.ts'
import { armDirectory, HACKING_FILE, WATCH_FILE } from '../ledger/run-layout.ts'
import { readWholeRecord } from '../ledger/read-records.ts'
import { hackingRecordSchema, watchRecordSchema, type HackingRecord, type WatchRecord } from '../ledger/watch-record.ts'
import type { SuiteEval } from '../suite/checked-suite.ts'
import { pickCases } from '../suite/limit-cases.ts'
import type { RewardRequest } from '../grading/reward-function.ts'
import type { WatchAnswer, WatchReport } from '../trainer/trainer.ts'
import type { TrainingSpec } from '../trainer/training-spec.ts'
import type { RunContext } from './run-context.ts'
import type { ArmRound } from './arm-round.ts'

/** Name of the signal that the twins give. */
export const TWINS_SIGNAL = 'twins'
const COMPLETIONS_SHOWN = 10

/** The cases that are shown at checkpoints: twins of dev cases, and dev cases where the eval has audit graders. */
export function watchedCases(context: RunContext, feature: SuiteEval): TrainingSpec['watched'] {
  if (context.suite.hacking === 'unguarded') return []
  return watchedRows(context, feature).map((row) => ({
    eval: '',
    caseId: row.id,
    messages: [...(feature.eval.messages.get(row.id) ?? [])],
    ...(feature.eval.tools.length === 0 ? {} : { tools: [...feature.eval.tools] }),
  }))
}

function watchedRows(context: RunContext, feature: SuiteEval): Case[] {
  const dev = casesOf(feature.eval, 'dev')
  const ids = new Set(dev.map((row) => row.id))
  const twins = casesWithRole(feature.eval.cases, 'twin').filter((row) => ids.has(row.twinOf ?? ''))
  const audited = feature.eval.auditGraders.length === 0 ? [] : pickCases(dev, context.suite.devCases)
  return [...audited, ...pickCases(twins, context.suite.devCases)]
}

/** Remembers what was rewarded most, for the reader of a stopped training. */
export class RewardedCompletions {
  #best: HackingRecord['completions'] = []

  /** Kept when it is among the highest rewards, the latest first among equals. */
  add(request: RewardRequest, reward: number | null): void {
    const lowest = this.#best.at(-1)?.reward ?? -1
    if (reward === null || (this.#best.length >= COMPLETIONS_SHOWN && reward < lowest)) return
    const one = { caseId: request.caseId, eval: request.eval, reward, text: request.completion.text }
    this.#best = [one, ...this.#best].toSorted((a, b) => b.reward - a.reward).slice(0, COMPLETIONS_SHOWN)
  }

  get best(): HackingRecord['completions'] {
    return this.#best
  }
}

/** Grades what a trainer shows and says whether it may go on; null where nobody watches. */
export function watchTraining(
  context: RunContext,
  armRound: ArmRound,
  rewarded: RewardedCompletions,
): ((report: WatchReport) => Promise<WatchAnswer>) | null {
  const { hacking } = context.suite
  if (hacking === 'unguarded' || watchedRows(context, armRound.feature).length === 0) return null
  const part = armDirectory(armRound.round, armRound.arm.name)
  const file = join(context.run.directory, part, WATCH_FILE)
  return async (report) => {
    const known = readWatch(file)
    // A resumed training shows what it has shown before: the answer must not change.
    const earlier = known.find((record) => record.step === report.step)
    if (earlier !== undefined) return earlier.stop === null ? { stop: false } : { stop: true, reason: earlier.stop }
    const signals = await gradeSignals(armRound.feature, report, context.models)
    const seen = { step: report.step, meanReward: report.meanReward, signals }
    const verdict = judgeHacking([...known, seen], { limit: hacking.limit })
    const { reason, lastGoodStep } = verdict
    if (verdict.stop) {
      // Before the watch record: what a killed process leaves must say why it stopped.
      const { best: completions } = rewarded
      const record: HackingRecord = { schemaVersion: 1, step: report.step, lastGoodStep, reason, limit: hacking.limit, completions }
      context.run.writeRecord(join(part, HACKING_FILE), record)
    }
    appendJsonl(file, [{ schemaVersion: 1, ...seen, stop: verdict.stop ? reason : null } satisfies WatchRecord])
    if (!verdict.stop) return { stop: false }
    const message = `Round "${armRound.round}", arm "${armRound.arm.name}" was stopped at step ${report.step}: ${reason}`
    context.reporter.tell({ type: 'warning', code: 'REWARD_HACKING', message })
    return { stop: true, reason }
  }
}

/** The last checkpoint of a stopped training at which nothing was suspect: later ones are no candidates. */
export function lastGoodStep(context: RunContext, { round, arm }: ArmRound): number {
  const record = readWholeRecord(join(context.run.directory, armDirectory(round, arm.name), HACKING_FILE), hackingRecordSchema)
  return record?.lastGoodStep ?? 0
}

function readWatch(file: string): WatchRecord[] {
  return existsSync(file) ? readCompleteLines(file).map((line) => watchRecordSchema.parse(JSON.parse(line))) : []
}

/** Audit graders on all watched cases, and the eval's own graders on twins. */
async function gradeSignals(feature: SuiteEval, report: WatchReport, models: GraderModels): Promise<WatchRecord['signals']> {
  const audits = new Map(feature.eval.auditGraders.map((grader) => [grader.name, [] as (number | null)[]]))
  const twins: (number | null)[] = []
  for (const answer of report.answers) {
    const row = caseById(feature.eval.cases, answer.caseId)
    if (row === undefined) continue
    const messages = feature.eval.messages.get(row.id)
    const grade = await gradeCompletion(feature.eval, row, { completion: answer.completion, profile: 'eval', messages, models })
    for (const [name, values] of audits) values.push(grade.audit[name] ?? null)
    if (row.role === 'twin') twins.push(grade.reward)
  }
  const signals = [...audits].map(([name, values]) => ({ name, values }))
  return twins.length === 0 ? signals : [...signals, { name: TWINS_SIGNAL, values: twins }]
}
