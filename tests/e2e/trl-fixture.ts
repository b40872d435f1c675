/**
 * @file What tests of whole runs on the trl trainer share: running a suite with everything it tells, and reading what it wrote.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readCompleteLines } from '../../src/base/jsonl.ts'
import type { RoundVerdict } from '../../src/gate/verdict.ts'
import { readGrades } from '../../src/ledger/grade-file.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import { candidateSchema, planSchema, type CandidateChoice, type Plan } from '../../src/ledger/run-records.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult, type RunSuiteOptions } from '../../src/round/run-suite.ts'
import { trainingSpecSchema, type TrainingSpec } from '../../src/trainer/training-spec.ts'
import { rolloutSchema, trainingEventSchema, type Rollout, type TrainingEvent } from '../../src/trainer/training-event.ts'
import { rewardRecordSchema, type RewardRecord } from '../../src/trainer/trl/rewards/record.ts'

/** A finished run with everything that it told. */
export interface ToldRun extends RunResult {
  readonly events: readonly RunEvent[]
}

/** Runs a suite to its end. */
export async function runTold(options: RunSuiteOptions): Promise<ToldRun> {
  const events: RunEvent[] = []
  const onEvent = (event: RunEvent): void => {
    events.push(event)
    options.onEvent?.(event)
  }
  const result = await runSuite({ ...options, onEvent })
  return { ...result, events }
}

/** One arm's round on disk. */
export class ArmFiles {
  readonly directory: string

  constructor(run: string, round: string, arm: string) {
    this.directory = join(run, 'rounds', round, arm)
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, name))
  }

  json(name: string): unknown {
    return JSON.parse(readFileSync(join(this.directory, name), 'utf8'))
  }

  lines(name: string): unknown[] {
    return readCompleteLines(join(this.directory, name)).map((line) => JSON.parse(line) as unknown)
  }

  get events(): TrainingEvent[] {
    return this.lines('events.jsonl').map((line) => trainingEventSchema.parse(line))
  }

  get steps(): Extract<TrainingEvent, { type: 'step' }>[] {
    return this.events.filter((event) => event.type === 'step')
  }

  get rollouts(): Rollout[] {
    return this.lines('rollouts.jsonl').map((line) => rolloutSchema.parse(line))
  }

  get rewards(): RewardRecord[] {
    return this.lines('rewards.jsonl').map((line) => rewardRecordSchema.parse(line))
  }

  get verdict(): RoundVerdict {
    return this.json('verdict.json') as RoundVerdict
  }

  get candidate(): CandidateChoice {
    return candidateSchema.parse(this.json('candidate.json'))
  }

  get spec(): TrainingSpec {
    return trainingSpecSchema.parse(this.json('spec.json'))
  }
}

/** The plan of a run. */
export function planOf(run: string): Plan {
  return planSchema.parse(JSON.parse(readFileSync(join(run, 'plan.json'), 'utf8')))
}

/** Messages of the arms that were lost. */
export function lossesOf({ events }: ToldRun): string[] {
  return events.flatMap((event) => (event.type === 'round-finished' && event.lost !== undefined ? [event.lost] : []))
}

/** A Python process of ours. */
export interface RunnerAtWork {
  readonly pid: number
  /** `fork` starts the others. */
  readonly work: 'train' | 'serve' | 'fork'
  readonly directory: string
}

/** Python processes that work for a run below a folder, or were started by a process whose environment names it. */
export function runnersAtWork(folder: string): RunnerAtWork[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid = '', stat = '', work = ''] = /^\s*(\d+) (\S+) .* -m holdfast_runner (train|serve|fork)\b/.exec(line) ?? []
    if (pid === '' || stat.startsWith('Z')) return []
    const directory = readProcess(() => readlinkSync(`/proc/${pid}/cwd`))
    const environment = readProcess(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    if (!directory.startsWith(folder) && !environment.includes(folder)) return []
    const isSource = work === 'fork' && !directory.startsWith(folder)
    const done = isSource ? 'fork' : existsSync(join(directory, 'serve.json')) ? 'serve' : 'train'
    return [{ pid: Number(pid), work: done, directory }]
  })
}

/** Empty for a process that has ended meanwhile. */
function readProcess(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** Grades of a run by their path below `grades/`, such as "base/gate.refill". */
export function gradesOf(run: string, name: string): Promise<GradeRecord[]> {
  return readGrades(join(run, 'grades', `${name}.jsonl`))
}

/** Outcome of every round by arm. */
export function outcomesOf({ header }: RunResult): Record<string, readonly string[]> {
  return Object.fromEntries(header.lineages.map(({ arm, rounds }) => [arm, rounds.map(({ outcome }) => outcome)]))
}

/** What says nothing about results: times, live figures, logs, addresses, and what the runner keeps for itself. */
const ASIDE = /telemetry|lock|\.tmp$|progress\.jsonl|\.log$|grader\.json|exit\.json|__pycache__|(^|\/)state(\/|$)/

/** Every file of a run that must be the same in any run of the same suite, by path; the reports folder's own name is taken out. */
export function recordsOf(reports: string, runName: string): Record<string, string> {
  const root = join(reports, runName)
  const files: Record<string, string> = {}
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder).toSorted()) {
      const path = join(folder, name)
      if (ASIDE.test(relative(root, path))) continue
      if (statSync(path).isDirectory()) visit(path)
      else files[relative(root, path)] = withoutHashes(name, readFileSync(path, 'latin1').replaceAll(reports, '<reports>'))
    }
  }
  visit(root)
  return files
}

/** Files hold the path of the reports, so their hashes differ where their records are the same. */
function withoutHashes(name: string, text: string): string {
  if (name === 'files.jsonl') return ''
  if (name !== 'run.json') return text
  const { files: _files, digest: _digest, ...header } = JSON.parse(text) as Record<string, unknown>
  return JSON.stringify(header)
}
