/**
 * @file Opens the directory of a run: a new one, or an unfinished one of the same suite to go on with.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { casesWithRole } from '../eval/cases/case-list.ts'
import { casesFile, PLAN_FILE, RUN_FILE } from '../ledger/run-layout.ts'
import { readWholeRecord } from '../ledger/read-records.ts'
import type { Plan, RecordedCase } from '../ledger/run-records.ts'
import { createRun, openRun, resumeRun, type Run } from '../ledger/run.ts'
import { formatJsonl } from '../base/jsonl.ts'
import { writeWholeFile } from '../base/whole-file.ts'
import type { Suite, SuiteEval } from '../suite/checked-suite.ts'
import { NothingToResumeError } from './errors.ts'
import type { BaseRecord } from '../trainer/base-record.ts'
import type { TrainerRecord } from '../trainer/driver.ts'
import { planRun } from './plan-run.ts'
import { allEvals } from './run-context.ts'

export interface StartRunOptions {
  /** Folder of all runs. */
  readonly root: string
  readonly suite: Suite
  readonly base: BaseRecord
  readonly trainer?: TrainerRecord | null
  readonly runName?: string | undefined
  readonly resume: boolean | string
  readonly compared?: NonNullable<Plan['compared']>
}

/** @throws NothingToResumeError, RunChangedError, RunLockedError, DiskSpaceLowError */
export async function startRun(options: StartRunOptions): Promise<Run> {
  const { root, suite, resume } = options
  const isGate = options.compared !== undefined
  const name = resume === false ? (options.runName ?? newRunName(root, suite)) : unfinishedRun(root, { suite, isGate }, resume)
  const compared = options.compared === undefined ? {} : { compared: options.compared }
  const plan = planRun({ run: name, suite, base: options.base, trainer: options.trainer ?? null, ...compared })
  const run = await (resume === false ? createRun : resumeRun)(join(root, name), plan)
  for (const entry of allEvals(suite)) {
    const path = join(run.directory, casesFile(entry.eval.name))
    if (!existsSync(path)) writeWholeFile(path, formatJsonl(recordCases(entry)))
    run.seal(casesFile(entry.eval.name))
  }
  return run
}

/** Suite, budget and local time: sorts by age and can be typed. Of two in one second the later one is counted. */
function newRunName(root: string, suite: Suite): string {
  const now = new Date()
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
  const name = [suite.name, ...(suite.budget === null ? [] : [suite.budget]), day, time].join('-')
  const free = [name, ...Array.from({ length: 98 }, (_, index) => `${name}-${index + 2}`)].find((one) => !existsSync(join(root, one)))
  return free ?? name
}

/** A gate goes on with a gate only, a run with a run. */
function unfinishedRun(
  root: string,
  { suite, isGate }: { readonly suite: Suite; readonly isGate: boolean },
  resume: true | string,
): string {
  if (typeof resume === 'string') {
    if (existsSync(join(root, resume, PLAN_FILE))) return resume
    throw new NothingToResumeError({ directory: root, suite: suite.name, run: resume })
  }
  const names = existsSync(root) ? readdirSync(root).toSorted().toReversed() : []
  const isUnfinished = (name: string): boolean => existsSync(join(root, name, PLAN_FILE)) && !hasEveryVerdict(join(root, name))
  const isOurs = (name: string): boolean => {
    const { suite: planned, compared } = openRun(join(root, name)).plan
    return planned.name === suite.name && planned.budget === suite.budget && (compared !== null) === isGate
  }
  const found = names.find((name) => isUnfinished(name) && isOurs(name))
  if (found === undefined) throw new NothingToResumeError({ directory: root, suite: suite.name })
  return found
}

/** Whether a run came to its end and no arm was lost on the way: a lost arm goes on from its last checkpoint. */
function hasEveryVerdict(directory: string): boolean {
  const header = readWholeRecord(join(directory, RUN_FILE), outcomesSchema)
  return header !== null && !header.lineages.some(({ rounds }) => rounds.some(({ outcome }) => outcome === 'LOST'))
}

/** Only what is asked here: the folder may hold runs of older versions. */
const outcomesSchema = z.looseObject({
  lineages: z.array(z.looseObject({ rounds: z.array(z.looseObject({ outcome: z.string() })) })),
})

/** Cases that are graded, with the messages they are asked with; training cases are in the specs. */
function recordCases(entry: SuiteEval): RecordedCase[] {
  const roles = ['gate', 'twin', 'dev'] as const
  return roles.flatMap((role) =>
    casesWithRole(entry.eval.cases, role).map((row) => ({
      id: row.id,
      role,
      input: row.input,
      expected: row.expected,
      tags: [...row.tags],
      cluster: row.cluster ?? null,
      twinOf: row.twinOf ?? null,
      messages: [...(entry.eval.messages.get(row.id) ?? [])],
    })),
  )
}
