/**
 * @file Where everything lies in a run directory. One place for the names, so that writers, the report and a person agree.
 *
 * ```
 * reports/<run>/
 *   plan.json                      what will be run: suite snapshot and hash, base, arms, seeds; written first, whole
 *   cases/<eval>.jsonl             every case of the run with its messages, so that a report needs nothing else
 *   grades/base/<purpose>.<eval>.jsonl
 *   rounds/<nn>-<feature>/<arm>/
 *     spec.json events.jsonl rollouts.jsonl
 *     checkpoints/<step>/          adapters in PEFT's format
 *     candidate.json               which checkpoint was chosen on dev, and the numbers it was chosen by
 *     grades/<purpose>.<eval>.jsonl          of the candidate
 *     grades/step-<n>/dev.<eval>.jsonl       of a checkpoint
 *     kl.json                      KL from the base on new and old prompts at each checkpoint
 *     watch.jsonl hacking.json     what was seen of the training beside its reward; why it was stopped, if it was
 *     verdict.json
 *   telemetry.jsonl                times, rates, memory: outside the claim of equal bytes
 *   files.jsonl                    count and hash of each file, noted when it was finished
 *   lock.json                      the process that is writing, while it is
 *   run.json                       header, written last: verdict, exit code, count and hash of every file
 *   report.html report.json
 * ```
 */
import { join } from 'node:path'
import type { GradingPurpose } from './grade-record.ts'

/** Directory name of a round: "01-refill". Rounds are counted from 1. */
export function roundName(index: number, feature: string): string {
  return `${String(index).padStart(2, '0')}-${feature}`
}

export const PLAN_FILE = 'plan.json'
export const RUN_FILE = 'run.json'
export const TELEMETRY_FILE = 'telemetry.jsonl'
export const SEALS_FILE = 'files.jsonl'
/** Names the process that writes the run; gone when the run is closed. */
export const LOCK_FILE = 'lock.json'

export function casesFile(evalName: string): string {
  return join('cases', `${evalName}.jsonl`)
}

export function baseGradesFile(purpose: GradingPurpose, evalName: string): string {
  return join('grades', 'base', `${purpose}.${evalName}.jsonl`)
}

export function armDirectory(round: string, arm: string): string {
  return join('rounds', round, arm)
}

/** Grades of a round's candidate (`step` null) or of one of its checkpoints. */
export function armGradesFile(
  place: { round: string; arm: string; step: number | null },
  purpose: GradingPurpose,
  evalName: string,
): string {
  const folder = place.step === null ? 'grades' : join('grades', `step-${place.step}`)
  return join(armDirectory(place.round, place.arm), folder, `${purpose}.${evalName}.jsonl`)
}
