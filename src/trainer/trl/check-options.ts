/**
 * @file Asks the runner whether TRL takes the options that are passed through to it, before anything is graded or trained. Suites that pass none through
 * ask nothing: the question costs a start of Python.
 */
import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { z } from 'zod'
import { stagesOf } from '../../method/method-spec.ts'
import type { PlannedTraining } from '../driver.ts'
import type { TrainingSpec } from '../training-spec.ts'
import { TrlOptionsError, TrlOptionsUncheckedError } from './errors.ts'
import type { RunnerSpec } from './protocol.ts'
import { runnerEnvironment, type RunnerCommand } from './runner/process.ts'
import { buildRunnerSpec } from './runner/spec.ts'
import type { TrlSetting } from './setting.ts'

/** With what the trainings will be run. */
export interface CheckedSetting extends TrlSetting {
  readonly command: RunnerCommand
  readonly runnerDevice: RunnerSpec['device']
}

const findingSchema = z.object({ code: z.string(), summary: z.string(), fix: z.string() }).nullable()

const lineSchema = z
  .string()
  .transform((line, context) => {
    try {
      return JSON.parse(line) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'is no JSON' })
      return z.NEVER
    }
  })
  .pipe(findingSchema)

/** @throws TrlOptionsError naming the first training whose options TRL does not take; errors of the host */
export async function checkTrlOptions(setting: CheckedSetting): Promise<void> {
  const { host, options, request, command } = setting
  const passing = request.trainings.filter(({ method }) =>
    stagesOf(method).some((stage) => Object.keys({ ...options.options, ...stage.trl }).length > 0),
  )
  // The same method in several rounds is one question.
  const keys = passing.map(({ arm, method }) => JSON.stringify([arm, method]))
  const questions = passing.filter((_, index) => keys.indexOf(keys[index] as string) === index)
  if (questions.length === 0) return
  const folder = posix.join(await host.cacheDirectory(), 'trainings', `check-${randomBytes(6).toString('hex')}`)
  try {
    const files = questions.map((_, index) => posix.join(folder, `${index}.json`))
    for (const [index, question] of questions.entries())
      await host.writeFile(files[index] as string, JSON.stringify(questionOf(setting, question, folder)))
    const { stdout, stderr } = await host.run([command.python, '-m', 'holdfast_runner', 'check', ...files], {
      env: runnerEnvironment(command),
    })
    const findings = parseFindings(stdout)
    if (findings.length !== questions.length) throw uncheckedError(stderr)
    for (const [index, finding] of findings.entries()) {
      const { round, arm } = questions[index] as PlannedTraining
      if (finding !== null) throw new TrlOptionsError(finding.code, { round, arm, summary: finding.summary, fix: finding.fix })
    }
  } finally {
    await host.remove(folder)
  }
}

function uncheckedError(stderr: string): TrlOptionsUncheckedError {
  return new TrlOptionsUncheckedError({ output: stderr.trim().split('\n').at(-1) ?? '' })
}

/** Libraries may print lines of their own. */
function parseFindings(stdout: string): z.infer<typeof findingSchema>[] {
  return stdout.split('\n').flatMap((line) => {
    const finding = lineSchema.safeParse(line)
    return finding.success ? [finding.data] : []
  })
}

/** A training of one example of each type: the options do not depend on them. */
function questionOf(setting: CheckedSetting, { round, arm, method }: PlannedTraining, directory: string): RunnerSpec {
  const { request, basePath, runnerDevice: device, tokenizer, weights, padId, options } = setting
  const spec: TrainingSpec = {
    ...{ schemaVersion: 1, runId: 'check', round, arm, parentAdapter: null, replayed: {}, start: options.start ?? 'continue' },
    base: { directory: basePath, hash: weights.hash },
    ...{ lora: request.lora, method, directory, examples: EXAMPLES, watched: [] },
    seeds: { initialisation: 0, order: 0, sampling: 0 },
    ...{ maxNewTokens: 1, passThreshold: 1, checkpointSteps: [method.steps] },
  }
  const where = { base: { path: basePath, revision: null }, parentAdapter: null, replayed: {}, directory, device, patienceMs: 1000 }
  const text = { tokenizer, stopIds: weights.stopIds, padId }
  return buildRunnerSpec(spec, where, { text, options: options.options ?? {} })
}

const origin: Pick<TrainingSpec['examples'][number], 'eval' | 'caseId' | 'messages'> = {
  eval: '',
  caseId: 'check',
  messages: [{ role: 'user', content: 'check' }],
}

const EXAMPLES: TrainingSpec['examples'] = [
  { type: 'demonstration', ...origin, completion: 'yes' },
  { type: 'pair', ...origin, chosen: 'yes', rejected: 'no' },
  { type: 'thumb', ...origin, completion: 'yes', thumb: 'up' },
  { type: 'thumb', ...origin, completion: 'no', thumb: 'down' },
  { type: 'prompt', ...origin },
]
