/**
 * @file Where everything lies in a run directory. It alone has the names, so that writers, the report and a person agree.
 *
 * ```
 * reports/<run>/
 *   plan.json                      what will be run: suite snapshot and hash, base, arms, seeds; written first, whole
 *   cases/<eval>.jsonl             every case of the run with its messages, so that a report needs nothing else
 *   grades/base/<purpose>.<eval>.jsonl          a header with what all grades of the file share, then a line for each case and repeat
 *   grades/asked/<purpose>.<eval>.<hash>.jsonl  what is the same whichever model is asked, once for all of them: clusters, tags, seeds, hashes
 *   rounds/<nn>-<feature>/<arm>/
 *     spec.json events.jsonl rollouts.jsonl rewards.jsonl
 *     runner.json grader.json progress.jsonl exit.json runner.log host-folder.txt        between Holdfast and a runner of its own process
 *     checkpoints/<step>/          adapters in PEFT's format
 *     candidate.json               which checkpoint was chosen on dev, the numbers it was chosen by, and each one's KL from the base
 *     grades/<purpose>.<eval>.jsonl          of the candidate
 *     grades/step-<n>/dev.<eval>.jsonl       of a checkpoint
 *     watch.jsonl hacking.json     what was seen of the training beside its reward; why it was stopped, if it was
 *     verdict.json
 *   telemetry.jsonl                times, rates, memory: outside the claim of equal bytes
 *   files.jsonl                    count and hash of each file, noted when it was finished
 *   lock.json                      the process that is writing, while it is
 *   run.json                       header, written last: verdict, exit code, count and hash of every file
 *   report.html report.json report.md report.junit.xml
 * reports/evals/<eval>-<hash>-<time>.jsonl              grades of an evaluation; below unfinished/<eval>-<hash>-<time>-<random>/ until it is whole
 * ```
 */
import { join, posix } from 'node:path'
import type { GradingPurpose } from './grade-record.ts'

export const PLAN_FILE = 'plan.json'
export const RUN_FILE = 'run.json'
export const TELEMETRY_FILE = 'telemetry.jsonl'
export const SEALS_FILE = 'files.jsonl'
/** Names the process that writes the run; gone when the run is closed. */
export const LOCK_FILE = 'lock.json'

/** What is drawn from a run, in its own directory. */
export const REPORT_FILES = { html: 'report.html', json: 'report.json', markdown: 'report.md', junit: 'report.junit.xml' } as const

/** Folders whose files are the run's own: one that nobody noted was added. */
export const OWN_FOLDERS = ['cases', 'grades', 'rounds'] as const

// Of one arm's part in one round.
export const SPEC_FILE = 'spec.json'
export const EVENTS_FILE = 'events.jsonl'
export const ROLLOUTS_FILE = 'rollouts.jsonl'
export const REWARDS_FILE = 'rewards.jsonl'
export const CHECKPOINTS_FOLDER = 'checkpoints'
export const CANDIDATE_FILE = 'candidate.json'
export const VERDICT_FILE = 'verdict.json'
export const WATCH_FILE = 'watch.jsonl'
export const HACKING_FILE = 'hacking.json'

/** What crosses between Holdfast and a runner in a process of its own, beside events, rollouts and checkpoints. */
export const RUNNER_FILES = {
  spec: 'runner.json',
  grader: 'grader.json',
  progress: 'progress.jsonl',
  exit: 'exit.json',
  log: 'runner.log',
  /** Names the training's folder on another machine: it goes wherever the run's directory goes, so that a later process finds the same one. */
  hostFolder: 'host-folder.txt',
} as const

// Of evaluations, in the folder of reports.
export const EVALUATIONS_FOLDER = 'evals'
export const UNFINISHED_FOLDER = 'unfinished'
export const UNFINISHED_GRADES_FILE = 'grades.jsonl'
export const UNFINISHED_LOCK_FILE = 'lock'

/** Directory name of a round: "01-refill". Rounds are counted from 1. */
export function roundName(index: number, feature: string): string {
  return `${String(index).padStart(2, '0')}-${feature}`
}

export function casesFile(evalName: string): string {
  return join(OWN_FOLDERS[0], `${evalName}.jsonl`)
}

export function baseGradesFile(purpose: GradingPurpose, evalName: string): string {
  return join(OWN_FOLDERS[1], 'base', gradesName(purpose, evalName))
}

/** Files of what all models of the run are asked. */
export const ASKED_FOLDER = 'grades/asked'

/** What all models of the run are asked; `hash` is of its content. */
export function askedFile(purpose: GradingPurpose, evalName: string, hash: string): string {
  return join(ASKED_FOLDER, gradesName(purpose, `${evalName}.${hash}`))
}

export function armDirectory(round: string, arm: string): string {
  return join(OWN_FOLDERS[2], round, arm)
}

/** The part of a round that a file of the run belongs to: `rounds/<round>/<arm>`, given by its path with `/`; null for files of the whole run. */
export function partDirectory(path: string): string | null {
  return /^rounds\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? null
}

/** The folder of a checkpoint within its part, with `/` on every system: events name it. */
export function checkpointFolder(step: number): string {
  return posix.join(CHECKPOINTS_FOLDER, String(step))
}

/** Grades of a round's candidate (`step` null) or of one of its checkpoints. */
export function armGradesFile(
  graded: { round: string; arm: string; step: number | null },
  purpose: GradingPurpose,
  evalName: string,
): string {
  const folder = graded.step === null ? [] : [`step-${graded.step}`]
  return join(armDirectory(graded.round, graded.arm), OWN_FOLDERS[1], ...folder, gradesName(purpose, evalName))
}

function gradesName(purpose: GradingPurpose, evalName: string): string {
  return `${purpose}.${evalName}.jsonl`
}
