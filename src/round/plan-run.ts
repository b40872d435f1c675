/**
 * @file Writes down, before anything runs, what a run will do: the checked suite, the base, rounds, arms and evals, and which gates are too small.
 */
import { relative } from 'node:path'
import { hashJson } from '../base/hash.ts'
import { casesOf } from '../eval/load-eval.ts'
import { setHash } from '../eval/case-hashes.ts'
import { roleAt } from '../eval/cases/case-list.ts'
import { intakeWarnings } from '../eval/cases/intake.ts'
import type { Eval } from '../eval/eval.ts'
import { overlapWarnings } from '../eval/leakage/leakage.ts'
import type { DevTooSmall } from '../gate/dev-size.ts'
import type { GateTooSmall } from '../gate/gate-size.ts'
import { graderHash, gradingHash } from '../grader/grader-hash.ts'
import { roundName } from '../ledger/run-layout.ts'
import type { Plan, PlannedEval } from '../ledger/run-records.ts'
import type { Suite, SuiteEval } from '../suite/checked-suite.ts'
import { decidingSettings, suiteHash, type SuitePartHashes } from '../suite/suite-hash.ts'
import type { BaseRecord } from '../trainer/base-record.ts'
import type { TrainerRecord } from '../trainer/driver.ts'
import { blockingComparisonCount, devSizeWarning, gateSizeOf } from './plan-gate-size.ts'
import { allEvals } from './run-context.ts'
import { contentHash } from './content-hash.ts'
import { HOLDFAST_VERSION } from '../base/version.ts'

export interface PlanOptions {
  readonly run: string
  readonly suite: Suite
  readonly base: BaseRecord
  readonly trainer?: TrainerRecord | null
  /** Set when two given models are compared instead of trained. */
  readonly compared?: NonNullable<Plan['compared']>
}

/** The plan of a run, or of the comparison of two models. */
export function planRun(options: PlanOptions): Plan {
  const { suite, base } = options
  const compared = options.compared ?? null
  const comparisons = blockingComparisonCount(suite, compared)
  const planned = allEvals(suite).map((entry) => planEval(entry, suite, comparisons))
  const { runtime, ...baseRecord } = base
  return {
    schemaVersion: 1,
    mode: compared === null ? 'run' : 'gate',
    run: options.run,
    suite: {
      name: suite.name,
      description: suite.description,
      file: relative(process.cwd(), suite.file),
      hash: suiteHash(suite, { base: hashJson([base.hash, base.tokenizer]), evals: partHashes(planned.map((entry) => entry.eval)) }),
      budget: suite.budget,
    },
    base: baseRecord,
    compared,
    runtime,
    ...(options.trainer == null ? {} : { trainer: options.trainer }),
    holdfastVersion: HOLDFAST_VERSION,
    seed: suite.seed,
    gate: { ...suite.gate },
    lora: compared === null ? { ...suite.lora } : null,
    settings: decidingSettings(suite),
    rounds: compared === null ? trainingRounds(suite) : [{ name: roundName(1, 'gate'), index: 1, feature: compared.target }],
    arms:
      compared === null
        ? suite.arms.map((arm) => ({ name: arm.name, role: arm.role, method: { ...arm.methods } }))
        : [{ name: 'candidate', role: 'candidate', method: {} }],
    evals: planned.map((entry) => entry.eval),
    warnings: [
      ...allEvals(suite).flatMap((entry) => intakeWarnings(entry.eval.name, entry.eval.intake)),
      ...planned.flatMap((entry) => entry.warning ?? []),
      ...(compared === null ? [...devWarnings(suite), ...leakageWarnings(suite)] : []),
    ],
  }
}

function trainingRounds(suite: Suite): Plan['rounds'] {
  return suite.features.map((entry, index) => ({ name: roundName(index + 1, entry.eval.name), index: index + 1, feature: entry.eval.name }))
}

function planEval(entry: SuiteEval, suite: Suite, comparisons: number): { eval: PlannedEval; warning: Plan['warnings'][number] | null } {
  const { eval: definition, margin, minEffect, blocking, kind } = entry
  const gateCases = casesOf(definition, 'gate')
  const size = gateSizeOf(entry, suite.gate, comparisons)
  const advisory = size.advisory ? { cases: gateCases.length, neededCases: size.neededN, supportedMargin: size.supportedMargin } : null
  const { name, description, chance, expectedFlips, passThreshold, repeats, graded } = definition
  return {
    eval: {
      ...{ name, description, kind, blocking, advisory, margin, minEffect, chance, expectedFlips, passThreshold, repeats, graded },
      caseCounts: countRoles(definition),
      setHash: setHash(gateCases),
      contentHash: contentHash(definition, suite),
      settings: {
        sampling: definition.sampling,
        reducer: definition.reducer,
        ...(definition.tools.length === 0 ? {} : { tools: hashJson(definition.tools) }),
      },
      graderHash: gradingHash(definition),
      graders: [
        ...definition.graders.map((grader) => ({ ...describeGrader(grader, definition.code), audit: false })),
        ...definition.auditGraders.map((grader) => ({ ...describeGrader(grader, definition.code), audit: true })),
      ],
    },
    warning: size.warning === null ? null : warningOf(size.warning),
  }
}

function devWarnings(suite: Suite): Plan['warnings'] {
  return allEvals(suite).flatMap((entry) => {
    const warning = devSizeWarning(entry, suite)
    return warning === null ? [] : [warningOf(warning)]
  })
}

/** Its three lines without the code, which stands beside the message. */
function warningOf({ code, summary, where, fix }: GateTooSmall | DevTooSmall): Plan['warnings'][number] {
  return { code, message: `${summary}\n  where  ${where}\n  fix    ${fix}` }
}

function describeGrader(grader: Eval['graders'][number], code: string | null): Omit<PlannedEval['graders'][number], 'audit'> {
  return { name: grader.name, kind: grader.kind, version: grader.version, hash: graderHash(grader, code) }
}

/** Every feature's training cases against what any eval of the suite is judged by: earlier features may be replayed in any round. */
function leakageWarnings(suite: Suite): Plan['warnings'] {
  const evals = (entries: readonly SuiteEval[]): Eval[] => entries.map((entry) => entry.eval)
  return overlapWarnings(evals(suite.features), evals(allEvals(suite))).map(({ code, message }) => ({
    code,
    message: message.replace(`${code}  `, ''),
  }))
}

function countRoles(definition: Eval): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let index = 0; index < definition.cases.length; index++) {
    const role = roleAt(definition.cases, index)
    counts[role] = (counts[role] ?? 0) + 1
  }
  return counts
}

function partHashes(evals: readonly PlannedEval[]): SuitePartHashes['evals'] {
  return Object.fromEntries(evals.map(({ name, contentHash: cases = '', graderHash: graders }) => [name, { cases, graders }]))
}
