/**
 * @file Makes the trainer's environment on a host by one script there, and takes it away again. What pip and uv do is the script's business.
 */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { z } from 'zod'
import type { Host } from '../host/host.ts'
import { environmentDirectory, readEnvironment } from './environment.ts'
import type { TrainerEnvironment } from './environment.ts'
import { ExtraNeedsCudaError, setupCommand, TrainerDiskError, TrainerProbeError, TrainerSetupError, onHost } from './errors.ts'
import { pinsHash, readRequirements } from './requirements.ts'
import type { Extra, Variant } from './requirements.ts'
import { choosePython, environmentsFolder, surveyHost } from './survey-host.ts'
import type { HostSurvey } from './survey-host.ts'

export interface SetUpOptions {
  /** Default: `cuda` when nvidia-smi answers on the host, else `cpu`. */
  readonly variant?: Variant | undefined
  /** Kept from an earlier set-up too. */
  readonly extras?: readonly Extra[] | undefined
  /** Makes it anew even when it is complete. */
  readonly force?: boolean | undefined
  /** One line per stage. */
  readonly onStage?: ((line: string) => void) | undefined
}

/** What a set-up ended with; `already` when nothing had to be done. */
export interface SetUpResult {
  readonly environment: TrainerEnvironment
  readonly already: boolean
}

const GIGABYTE = 1e9
const NEEDED_BYTES = { cpu: 3 * GIGABYTE, cuda: 10 * GIGABYTE, vllm: 8 * GIGABYTE, bitsandbytes: 0.5 * GIGABYTE } as const

/** Lines that set_up.py prints. `line` is what a program of it printed, and not shown. */
const messageSchema = z.object({
  stage: z.string().optional(),
  note: z.string().optional(),
  done: z.object({ already: z.boolean() }).optional(),
  failed: z.object({ step: z.string(), tail: z.array(z.string()) }).optional(),
})

type Message = z.infer<typeof messageSchema>

/**
 * Sets the trainer up on a host. A second call finds it complete; one at the same time waits for the first; one that was killed is made again.
 * @throws PythonMissingError, TrainerDiskError, ExtraNeedsCudaError, TrainerSetupError
 */
export async function setUpEnvironment(host: Host, options: SetUpOptions = {}): Promise<SetUpResult> {
  const { extras = [], force = false, onStage } = options
  const survey = await surveyHost(host)
  const variant = options.variant ?? (survey.nvidiaDriver === null ? 'cpu' : 'cuda')
  if (variant === 'cpu' && extras.length > 0) throw new ExtraNeedsCudaError({ ...onHost(host), extras })
  if (force || (await readEnvironment(host, variant)) === null) await checkDisk(host, survey, [variant, ...extras])
  const done = await runScript(host, survey, { action: 'set-up', variant, extras, force, onStage })
  const environment = await readEnvironment(host, variant)
  if (environment === null)
    throw new TrainerProbeError({ ...onHost(host), what: 'The set-up', output: 'complete.json is not there, or its python is not' })
  return { environment, already: done.already }
}

/** Takes the environments of both variants away, after any set-up that is going on. Answers with the folders that were there. */
export async function removeEnvironments(host: Host): Promise<readonly string[]> {
  const survey = await surveyHost(host)
  const removed: string[] = []
  for (const variant of ['cpu', 'cuda'] as const) {
    const directory = await environmentDirectory(host, variant)
    if (!(await host.exists(directory))) continue
    // Without a Python no set-up can be going on.
    if (survey.pythons.length === 0) await host.remove(directory)
    else await runScript(host, survey, { action: 'remove', variant, extras: [], force: false, onStage: undefined })
    removed.push(directory)
  }
  return removed
}

async function checkDisk(host: Host, survey: HostSurvey, parts: readonly (Variant | Extra)[]): Promise<void> {
  const needed = parts.reduce((sum, part) => sum + NEEDED_BYTES[part], 0)
  const free = survey.freeDiskBytes
  if (free !== null && free < needed) throw new TrainerDiskError({ ...onHost(host), folder: await environmentsFolder(host), free, needed })
}

interface ScriptJob {
  readonly action: 'set-up' | 'remove'
  readonly variant: Variant
  readonly extras: readonly Extra[]
  readonly force: boolean
  readonly onStage: ((line: string) => void) | undefined
}

async function runScript(host: Host, survey: HostSurvey, job: ScriptJob): Promise<{ readonly already: boolean }> {
  const { onStage, ...plain } = job
  const python = choosePython(host, survey)
  const directory = await environmentDirectory(host, job.variant)
  const input = JSON.stringify({
    ...plain,
    directory,
    lock: `${directory}.lock`,
    uv: survey.uv?.path ?? null,
    pins: pinsHash(job.variant),
    requirements: readRequirements(),
  })
  let last: Message = {}
  const onLine = (line: string): void => {
    const message = readMessage(line)
    if (message === null) return
    if (message.note !== undefined) onStage?.(`note: ${message.note}`)
    if (message.stage !== undefined) onStage?.(message.stage)
    if (message.done !== undefined || message.failed !== undefined) last = message
  }
  const script = readFileSync(new URL('./scripts/set_up.py', import.meta.url), 'utf8')
  const { stderr } = await host.run([python.path, '-I', '-X', 'utf8', '-c', script], { input, onLine })
  if (last.done !== undefined) return last.done
  const { step, tail } = last.failed ?? { step: 'run the set-up script', tail: stderr.trim().split('\n').slice(-5) }
  throw new TrainerSetupError({
    ...onHost(host),
    step,
    tail: tail.slice(-5),
    log: posix.join(directory, 'setup.log'),
    command: commandOf(host, job),
  })
}

function readMessage(line: string): Message | null {
  try {
    return messageSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

function commandOf(host: Host, { variant, extras }: ScriptJob): string {
  return setupCommand(host, `--${variant}`, ...extras.map((name) => `--with ${name}`))
}
