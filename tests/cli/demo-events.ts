/**
 * @file The events of a made-up run of two features by three arms, for tests of the display.
 */
import type { EvalVerdict, RoundVerdict, RoundVerdictName } from '../../src/gate/verdict.ts'
import type { Plan, RunHeader } from '../../src/ledger/run-records.ts'
import type { RunEvent } from '../../src/round/run-event.ts'

const ROUNDS = ['01-refill', '02-appointment']
const ARMS = ['sft', 'raft', 'sft-hot'] as const

/** A plan with the members that displays read. */
export const demoPlan = {
  suite: { name: 'clinic' },
  rounds: ROUNDS.map((name, index) => ({ name, index: index + 1, feature: name.slice(3) })),
  arms: ARMS.map((name) => ({ name, role: roleOf(name), method: {} })),
} as unknown as Plan

export const demoHeader: RunHeader = {
  schemaVersion: 1,
  run: 'demo',
  suiteHash: 'abc',
  exitCode: 0,
  summary: 'Arm sft accepted every feature.',
  lineages: ARMS.map((arm) => ({
    arm,
    role: roleOf(arm),
    rounds: ROUNDS.map((round) => ({ round, feature: round.slice(3), outcome: outcomeOf(round, arm), adapter: null })),
  })),
}

/** Every event of the run, in order. */
export function* demoEvents(): Generator<RunEvent> {
  yield { type: 'run-started', run: 'demo', directory: 'reports/demo', plan: demoPlan }
  yield { type: 'warning', code: 'GATE_TOO_SMALL', message: 'Eval "refill" is advisory: it has 40 gate cases, 250 are needed' }
  yield { type: 'phase', round: null, arm: null, phase: 'grading', label: 'grading the base on refill' }
  for (let done = 0; done <= 600; done += 100) yield progress(null, null, 'grading', done, 600)
  for (const round of ROUNDS) for (const arm of ARMS) yield* demoRound(round, arm)
}

function* demoRound(round: string, arm: (typeof ARMS)[number]): Generator<RunEvent> {
  yield { type: 'phase', round, arm, phase: 'training', label: 'training' }
  for (let done = 0; done <= 60; done += 5) yield progress(round, arm, done % 10 === 0 ? 'training' : 'sampling', done, 60)
  yield { type: 'phase', round, arm, phase: 'checkpoint', label: 'grading checkpoints on dev' }
  for (let done = 0; done <= 4; done += 1) yield progress(round, arm, 'checkpoint', done, 4)
  yield { type: 'phase', round, arm, phase: 'grading', label: 'grading the candidate' }
  for (let done = 0; done <= 2400; done += 600) yield progress(round, arm, 'grading', done, 2400)
  const outcome = outcomeOf(round, arm)
  if (outcome === 'LOST') yield { type: 'round-finished', round, arm, role: roleOf(arm), verdict: null, lost: 'the trainer was lost' }
  else yield { type: 'round-finished', round, arm, role: roleOf(arm), verdict: demoVerdict(round, arm, outcome) }
}

function progress(
  round: string | null,
  arm: string | null,
  phase: 'grading' | 'training' | 'sampling' | 'checkpoint',
  done: number,
  total: number,
): RunEvent {
  return { type: 'progress', round, arm, phase, done, total, tokens: done * 20, tokensPerSecond: 3456.7 }
}

function roleOf(arm: string): 'candidate' | 'control' {
  return arm === 'sft-hot' ? 'control' : 'candidate'
}

function outcomeOf(round: string, arm: string): RoundVerdictName | 'LOST' {
  if (arm === 'sft-hot') return round === '01-refill' ? 'BLOCKED' : 'LOST'
  return arm === 'raft' && round === '02-appointment' ? 'INCONCLUSIVE' : 'ACCEPTED'
}

/** A verdict with the members that displays read. */
function demoVerdict(round: string, arm: string, verdict: RoundVerdictName): RoundVerdict {
  const target = { name: round.slice(3), role: 'target', before: 0.12, after: 0.943 } as unknown as EvalVerdict
  return { round, arm, verdict, reasons: [`the first reason for ${verdict}`, 'a second one'], evals: [target] } as unknown as RoundVerdict
}
