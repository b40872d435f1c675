/**
 * @file The trl trainer: runs a training spec through Hugging Face TRL and PEFT in a Python process, here or on another machine. It writes what the
 * runner needs, answers its questions about rewards, follows what it writes, and brings the adapters home. It trains nothing itself.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, posix } from 'node:path'
import { isHoldfastError, type HoldfastError } from '../../base/errors.ts'
import { writeWholeFile } from '../../base/whole-file.ts'
import type { Host, HostProcess, PortForward } from '../../host/host.ts'
import { RUNNER_FILES } from '../../ledger/run-layout.ts'
import { checkpointsOf } from '../checkpoints-of.ts'
import { EventStream } from '../event-stream.ts'
import type { Trainer, TrainerServices, TrainingCheckpoint, TrainingHandle, TrainingOutcome } from '../trainer.ts'
import { trainingSpecSchema, type TrainingSpec } from '../training-spec.ts'
import { areCheckpointsHere, bringHome } from './runner/bring-home.ts'
import { RunnerFailedError, RunnerLostError } from './errors.ts'
import { followRunner, isHostFailure, type TrainingControl } from './runner/follow.ts'
import { startGraderServer, type GraderServer } from './rewards/server.ts'
import type { GraderAddress, RunnerExit, RunnerSpec } from './protocol.ts'
import { TRL } from './refuse.ts'
import { logTail, parseExit, bringAdapter, readEvents, readHere, readThere, runnerFolders, type RunnerFolders } from './runner/files.ts'
import { endRunner, findRunner, startRunner, type RunnerCommand } from './runner/process.ts'
import { buildRunnerSpec, type RunnerText } from './runner/spec.ts'

/** What a trl trainer needs to know of the model and of the machine that it runs on. */
export interface TrlTrainerParts {
  readonly host: Host
  readonly command: RunnerCommand
  readonly base: RunnerSpec['base']
  readonly device: RunnerSpec['device']
  readonly text: RunnerText & { readonly tokenizer: { decode(ids: Iterable<number>): string } }
  /** Options for TRL's configs of all methods. */
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * A trainer whose rounds run in a Python process on a host. Trainings on one device must not overlap. A host that fails is no outcome of a training:
 * `artifacts` then rejects with the host's error, the runner goes on there, and `submit` finds it again.
 */
export function createTrlTrainer(parts: TrlTrainerParts): Trainer {
  return {
    name: TRL,
    submit: async (specification, services) => {
      const spec = trainingSpecSchema.parse(specification)
      const control: TrainingControl = { stream: new EventStream([]), cancelled: null }
      const folders = await runnerFolders(parts.host, spec)
      const done = runTraining({ parts, spec, services, folders }, control).finally(() => control.stream.close())
      const ended = done.then(
        () => undefined,
        () => undefined,
      )
      return {
        events: (from) => control.stream.read(from),
        cancel: async (options) => {
          control.cancelled = options
          await ended
        },
        artifacts: () => done,
      } satisfies TrainingHandle
    },
  }
}

interface TrainingTask {
  readonly parts: TrlTrainerParts
  readonly spec: TrainingSpec
  readonly services: TrainerServices
  readonly folders: RunnerFolders
}

/** A task with the text of `runner.json`, which tells trainings apart. */
interface WrittenTask extends TrainingTask {
  readonly text: string
}

async function runTraining(given: TrainingTask, control: TrainingControl): Promise<TrainingOutcome> {
  const task: WrittenTask = { ...given, text: `${JSON.stringify(await runnerSpec(given))}\n` }
  mkdirSync(task.folders.here, { recursive: true })
  if (await isComplete(task)) return giveAgain(task, control)
  const left = await findLeft(task)
  // Asked only when no runner is at work: it may have ended since.
  if (left === null && (await hasEndedThere(task))) {
    await settle(task)
    if (await isComplete(task)) return giveAgain(task, control)
  }
  const outcome = await train(task, left, control)
  if (outcome.state === 'lost') control.stream.push({ type: 'lost', code: outcome.code, message: outcome.message })
  return outcome
}

async function runnerSpec({ parts, spec, folders }: TrainingTask): Promise<RunnerSpec> {
  const { host, base, device, text, options } = parts
  const parentAdapter = spec.parentAdapter === null ? null : await bringAdapter(host, spec.parentAdapter)
  const patienceMs = host.isLocal ? LOCAL_PATIENCE_MS : REMOTE_PATIENCE_MS
  return buildRunnerSpec(spec, { base, parentAdapter, directory: folders.there, device, patienceMs }, { text, options })
}

/** A grader on this machine that cannot be reached for so long is gone. */
const LOCAL_PATIENCE_MS = 5 * 60_000
/** A dropped connection to another machine may take this long to come back. */
const REMOTE_PATIENCE_MS = 15 * 60_000

/** Whether this very training has come to its end and everything that it left is on this machine. */
async function isComplete({ folders, text }: WrittenTask): Promise<boolean> {
  return (
    isEnd(parseExit(readHere(folders, RUNNER_FILES.exit))) &&
    readHere(folders, RUNNER_FILES.spec) === text &&
    (await areCheckpointsHere(folders))
  )
}

function isEnd(exit: RunnerExit | null): boolean {
  return exit?.state === 'finished' || exit?.state === 'stopped'
}

async function giveAgain(task: TrainingTask, control: TrainingControl): Promise<TrainingOutcome> {
  for (const event of readEvents(task.folders)) control.stream.push(event)
  return outcomeOf(task, control)
}

/** A runner that is at work on this very training; one that is at work on what the training was before is ended. */
async function findLeft({ parts: { host }, folders, text }: WrittenTask): Promise<HostProcess | null> {
  const runner = await findRunner(host, folders)
  if (runner === null || (await readThere(host, folders, RUNNER_FILES.spec)) === text) return runner
  await endRunner(runner)
  return null
}

/** Whether a runner that went on without us has come to the end of this very training. */
async function hasEndedThere({ parts: { host }, folders, text }: WrittenTask): Promise<boolean> {
  if (host.isLocal || !isEnd(parseExit(await readThere(host, folders, RUNNER_FILES.exit)))) return false
  return (await readThere(host, folders, RUNNER_FILES.spec)) === text
}

/** Brings home what is there; nothing of a training that has come to its end stays on another machine. */
async function settle(task: WrittenTask): Promise<void> {
  const { parts, folders } = task
  await bringHome(parts.host, folders)
  if (parts.host.isLocal) return
  await parts.host.remove((await isComplete(task)) ? folders.there : posix.join(folders.there, RUNNER_FILES.grader))
}

async function train(task: WrittenTask, left: HostProcess | null, control: TrainingControl): Promise<TrainingOutcome> {
  const { parts, folders, services, spec } = task
  const { host } = parts
  const server = await startGraders(task)
  let forward: PortForward | null = null
  try {
    forward = await host.exposePort(server.port)
    await announceGraders(task, server, forward)
    if (left === null && control.cancelled !== null) return { state: 'cancelled', checkpoints: await trainedHere(task) }
    const runner = left ?? (await launch(task, server))
    const problem = await followRunner(
      { host, runner, folders, services, steps: spec.method.steps, problem: () => server.problem },
      control,
    )
    await settle(task)
    return problem === null ? await outcomeOf(task, control) : await lost(task, problem)
  } catch (error) {
    if (!isHoldfastError(error) || error.code === 'INTERNAL' || isHostFailure(error)) throw error
    return await lost(task, error)
  } finally {
    await Promise.all([forward?.close(), server.close()])
    // The address is worth nothing now.
    if (host.isLocal) rmSync(join(folders.here, RUNNER_FILES.grader), { force: true })
  }
}

function startGraders({ parts, spec, services, folders }: TrainingTask): Promise<GraderServer> {
  const { runId: run, round, arm } = spec
  const { text } = parts
  return startGraderServer({
    ...{ services, run, round, arm, graderHash: services.graderHash, stopIds: text.stopIds, directory: folders.here },
    decode: (ids) => text.tokenizer.decode(ids),
  })
}

/** Writes where rewards are asked for, now and whenever the way to it changes. */
async function announceGraders({ parts, folders }: TrainingTask, server: GraderServer, forward: PortForward): Promise<void> {
  const write = (): Promise<void> => {
    const url = `http://127.0.0.1:${forward.port}`
    const address: GraderAddress = parts.host.isLocal ? { url } : { url, token: server.token }
    return parts.host.writeFile(posix.join(folders.there, RUNNER_FILES.grader), JSON.stringify(address), { secret: true })
  }
  let written = write()
  // One after another, so that an address of before never replaces the present one.
  forward.onChange(() => void (written = written.then(write).catch(() => undefined)))
  await written
}

/** Starts the runner on the spec. */
async function launch({ parts, folders, text }: WrittenTask, server: GraderServer): Promise<HostProcess> {
  const { host, command } = parts
  // The runner goes on behind the state that it saved, and may draw other completions from there.
  server.forgetAfter(-1)
  // Before the spec is written: how a training ended must never be read beside the spec of another.
  rmSync(join(folders.here, RUNNER_FILES.exit), { force: true })
  for (const name of [RUNNER_FILES.exit, RUNNER_FILES.progress]) await host.remove(posix.join(folders.there, name))
  writeWholeFile(join(folders.here, RUNNER_FILES.spec), text)
  if (!host.isLocal) await host.writeFile(posix.join(folders.there, RUNNER_FILES.spec), text)
  return startRunner(host, command, { folders, token: server.token })
}

async function outcomeOf(task: TrainingTask, control: TrainingControl): Promise<TrainingOutcome> {
  const { spec, folders, parts } = task
  const exit = parseExit(readHere(folders, RUNNER_FILES.exit))
  const checkpoints = await trainedHere(task)
  if (exit?.state === 'finished' || exit?.state === 'cancelled') return { state: exit.state, checkpoints }
  if (exit?.state === 'stopped') {
    const stop = readEvents(folders).findLast((event) => event.type === 'stopped')
    return { state: 'stopped', step: stop?.step ?? exit.step, reason: stop?.reason ?? exit.summary, checkpoints }
  }
  // Ended before it could listen, or without being asked to save.
  if (exit === null && control.cancelled !== null) return { state: 'cancelled', checkpoints }
  const part = { round: spec.round, arm: spec.arm, log: join(folders.here, RUNNER_FILES.log) }
  if (exit !== null) return lost(task, new RunnerFailedError(exit.code, { ...part, summary: exit.summary, fix: exit.fix }))
  return lost(task, new RunnerLostError({ ...part, tail: await logTail(parts.host, folders, 5) }))
}

async function lost(task: TrainingTask, { code, message }: HoldfastError): Promise<TrainingOutcome> {
  return { state: 'lost', code, message, checkpoints: await trainedHere(task) }
}

/** The checkpoints that the events name, as directories of this machine. */
async function trainedHere({ folders }: TrainingTask): Promise<TrainingCheckpoint[]> {
  return await checkpointsOf(readEvents(folders), ({ adapter }) => join(folders.here, adapter))
}
