/**
 * @file From a recorded run to the report's document: selects, orders and names what the gate and the trainers recorded. The only numbers
 * computed here are pass shares, means of watched signals, forgetting metrics and sums of cost.
 */
import { lostCaseIds } from '../gate/case-outcomes.ts'
import { gatePolicySchema } from '../gate/policy.ts'
import { twinGap } from '../gate/twin-gap.ts'
import { costSummary } from './sections/cost/data.ts'
import { decidingFact } from './deciding-fact.ts'
import { forgettingOf } from './sections/forgetting/data.ts'
import { acceptedRounds, headline } from './sections/verdict/headline.ts'
import { traceLineages } from './lineage.ts'
import type { LineageRound } from './lineage.ts'
import { passMatrix } from './sections/heat-map/data.ts'
import type { KeptGrade, RecordedRun } from './recorded-run.ts'
import type { RecordedEvalVerdict } from './recorded-verdict.ts'
import { runWarnings } from './run-warnings.ts'
import { REPORT_SCHEMA_VERSION } from './document.ts'
import type { ReportDocument, ReportedEval, ReportedRound } from './document.ts'
import { lostOf, watchedTraining } from './sections/watch/data.ts'

/** The document of a run: deterministic, with all differences as shares (after minus before). */
export function buildDocument(run: RecordedRun): ReportDocument {
  const { plan, header } = run
  const lineages = traceLineages(run)
  const matrices = plan.arms.map((arm) => passMatrix(run, arm.name, ofArm(lineages, arm.name)))
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    run: plan.run,
    mode: plan.mode,
    state: header === null ? 'interrupted' : 'finished',
    exitCode: header?.exitCode ?? null,
    headline: headline(run, lineages),
    summary: header?.summary ?? null,
    suite: plan.suite,
    base: { name: plan.base.name, hash: plan.base.hash, tokenizer: plan.base.tokenizer, parameterCount: plan.base.parameterCount },
    compared: plan.compared,
    arms: plan.arms.map((arm) => armOf(arm, lineages)),
    rounds: inRoundOrder(run, lineages).map((entry) => roundOf(entry, run)),
    matrices,
    forgetting: plan.mode === 'gate' ? [] : plan.arms.map((arm) => forgettingOf(arm.name, matrices, acceptedRounds(lineages, arm.name))),
    evals: plan.evals.map((each) => ({ ...each, graders: each.graders.map((grader) => graderText(grader)) })),
    method: methodOf(run),
    warnings: [...runWarnings(run)],
    ...differencesOf(lineages),
    costs: costSummary(run.telemetry),
  }
}

function differencesOf(lineages: readonly LineageRound[]): Pick<ReportDocument, 'differences'> {
  const differences = lineages.flatMap(({ recorded }) => recorded.verdict?.differences ?? [])
  return differences.length === 0 ? {} : { differences }
}

function methodOf(run: RecordedRun): ReportDocument['method'] {
  const policy = gatePolicySchema.safeParse(run.plan.gate)
  const alpha = policy.success ? policy.data.alpha : 0.05
  const { lora, seed, runtime, trainer, holdfastVersion, gate } = run.plan
  return {
    alpha,
    confidence: 1 - 2 * alpha,
    policy: policy.success ? { ...policy.data } : gate,
    lora,
    seed,
    runtime,
    ...(trainer == null ? {} : { trainer }),
    holdfastVersion,
  }
}

function ofArm(lineages: readonly LineageRound[], arm: string): LineageRound[] {
  return lineages.filter((entry) => entry.recorded.arm === arm)
}

function inRoundOrder(run: RecordedRun, lineages: readonly LineageRound[]): LineageRound[] {
  return run.plan.rounds.flatMap((round) => lineages.filter((entry) => entry.recorded.round === round.name))
}

function armOf(arm: RecordedRun['plan']['arms'][number], lineages: readonly LineageRound[]): ReportDocument['arms'][number] {
  const own = ofArm(lineages, arm.name)
  const deciding =
    own.findLast((entry) => entry.outcome === 'BLOCKED' || entry.outcome === 'LOST') ??
    own.findLast((entry) => entry.outcome === 'INCONCLUSIVE') ??
    own.findLast((entry) => entry.outcome === 'UNFINISHED') ??
    own.at(-1)
  const line = deciding === undefined ? 'no round was planned' : `${deciding.recorded.round} ${deciding.outcome}: ${decidingFact(deciding)}`
  return {
    ...arm,
    accepted: own.filter((entry) => entry.outcome === 'ACCEPTED').map((entry) => entry.recorded.round),
    outcomes: own.map(({ recorded, outcome }) => ({ round: recorded.round, feature: recorded.feature, outcome })),
    line,
  }
}

function roundOf(entry: LineageRound, run: RecordedRun): ReportedRound {
  const { recorded } = entry
  const { verdict, candidate } = recorded
  return {
    round: recorded.round,
    feature: recorded.feature,
    arm: recorded.arm,
    role: entry.role,
    outcome: entry.outcome,
    parentRound: entry.parent?.round ?? null,
    decidingFact: decidingFact(entry),
    reasons: verdict?.reasons ?? [],
    alphaRegressed: verdict?.alphaRegressed ?? null,
    familySize: verdict?.familySize ?? null,
    evals: (verdict?.evals ?? []).map((each) => evalOf(each, entry, run)).toSorted(worstFirst),
    chosenStep: candidate?.step ?? null,
    ...(candidate?.reason === undefined ? {} : { choice: { reason: candidate.reason, eligible: candidate.eligible ?? true } }),
    checkpoints: (candidate?.checkpoints ?? []).map(({ hash: _hash, ...rest }) => rest),
    training: recorded.events.flatMap((event) =>
      event.type === 'step' ? [{ step: event.step, loss: event.loss, meanReward: event.meanReward, learningRate: event.learningRate }] : [],
    ),
    ...watchedTraining(recorded),
    ...lostOf(entry),
  }
}

function evalOf(verdict: RecordedEvalVerdict, entry: LineageRound, run: RecordedRun): ReportedEval {
  const before = (entry.parent?.grades ?? run.baseGrades).gate.get(verdict.name)
  const flags = Object.keys(verdict.flags).filter((flag) => verdict.flags[flag] === true)
  const { advisoryReason, mustHold, lostCases, ...rest } = verdict
  return {
    ...rest,
    mustHold: mustHold ?? (verdict.blocking && verdict.role === 'old'),
    advisoryReason: advisoryReason ?? null,
    flags,
    lostCases: [...(lostCases ?? lostBetween(before ?? [], entry.recorded.grades.gate.get(verdict.name) ?? []))],
    ...twinsOf(verdict.name, entry, run),
  }
}

/** Cases of the gate that have twins against these, on the candidate. */
function twinsOf(name: string, { recorded }: LineageRound, run: RecordedRun): Pick<ReportedEval, 'twins'> {
  const { gate, twin } = recorded.grades
  const shares = passShares([...(gate.get(name) ?? []), ...(twin.get(name) ?? [])])
  const rows = (run.cases.get(name) ?? []).filter(({ id }) => shares.has(id))
  const gap = twinGap(
    rows.map(({ id, twinOf, cluster }) => ({
      caseId: id,
      twinOf,
      cluster: cluster === null ? `case ${id}` : `cluster ${cluster}`,
      share: shares.get(id) ?? null,
    })),
  )
  return gap === null ? {} : { twins: { ...gap, interval: [...gap.interval] } }
}

/** Share of passing repeats by case id, of those that could be graded. */
function passShares(grades: readonly KeptGrade[]): ReadonlyMap<string, number> {
  const counts = new Map<string, { passed: number; graded: number }>()
  for (const { caseId, pass } of grades) {
    if (pass === null) continue
    const { passed, graded } = counts.get(caseId) ?? { passed: 0, graded: 0 }
    counts.set(caseId, { passed: passed + Number(pass), graded: graded + 1 })
  }
  return new Map([...counts].map(([caseId, { passed, graded }]) => [caseId, passed / graded]))
}

/** Lost cases of a run that did not record them, by the gate's own rule. */
function lostBetween(before: readonly KeptGrade[], after: readonly KeptGrade[]): string[] {
  const known = new Map(before.map((grade) => [`${grade.repeat} ${grade.caseId}`, grade]))
  const pairs = after.flatMap(({ caseId, repeat, reward, pass }) => {
    const first = known.get(`${repeat} ${caseId}`)
    const sides = { before: first?.reward ?? null, passBefore: first?.pass ?? null, after: reward, passAfter: pass }
    return first === undefined ? [] : [{ caseId, repeat, cluster: null, ...sides }]
  })
  return lostCaseIds(pairs, { graded: false, repeats: 1 })
}

const SEVERITY: Readonly<Record<ReportedEval['verdict'], number>> = { REGRESSED: 0, INCONCLUSIVE: 1, HELD: 3, IMPROVED: 4 }

/** Target first when it failed; then what blocks, worst verdict and largest loss first; what decides nothing last. */
function worstFirst(a: ReportedEval, b: ReportedEval): number {
  return rank(a) - rank(b) || (a.difference ?? 0) - (b.difference ?? 0) || (a.name < b.name ? -1 : 1)
}

function rank(each: ReportedEval): number {
  if (each.role === 'future' || each.role === 'none') return 20
  return SEVERITY[each.verdict] + (each.blocking ? 0 : 10)
}

function graderText(grader: { name: string; kind: string; version: number; hash: string; audit: boolean }): string {
  return `${grader.name} (${grader.kind} v${grader.version}, ${grader.hash}${grader.audit ? ', audit' : ''})`
}
