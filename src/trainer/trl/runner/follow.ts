/**
 * @file Follows a runner until it ends: passes on what it writes, and asks it to end when its training was cancelled or must not go on.
 */
import { posix } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isHoldfastError, type HoldfastError } from '../../../base/errors.ts'
import type { Host, HostProcess } from '../../../host/host.ts'
import { EVENTS_FILE, RUNNER_FILES } from '../../../ledger/run-layout.ts'
import type { EventStream } from '../../event-stream.ts'
import type { TrainerServices } from '../../trainer.ts'
import { trainingEventSchema, type TrainingEvent } from '../../training-event.ts'
import { bringCheckpoint } from './bring-home.ts'
import { HostLines } from './host-lines.ts'
import { runnerProgressSchema } from '../protocol.ts'
import type { RunnerFolders } from './files.ts'

/** What others see and ask of a training while it runs. */
export interface TrainingControl {
  readonly stream: EventStream
  cancelled: { readonly saveFirst: boolean } | null
}

/** A runner at work, and who is told of it. */
export interface FollowedRunner {
  readonly host: Host
  readonly runner: HostProcess
  readonly folders: RunnerFolders
  readonly services: Pick<TrainerServices, 'onProgress'>
  /** Steps of the whole training. */
  readonly steps: number
  /** Why the graders cannot go on, once there is something. */
  readonly problem: () => HoldfastError | null
}

/** How often the runner's files are looked at. */
const LOCAL_POLL_MS = 100
const REMOTE_POLL_MS = 1000

/**
 * Returns when the runner has ended: the problem that made it end, or null. A runner on another machine that can no longer be reached goes on.
 * @throws errors of the host
 */
export async function followRunner(followed: FollowedRunner, control: TrainingControl): Promise<HoldfastError | null> {
  try {
    return await follow(followed, control)
  } catch (error) {
    if (followed.host.isLocal || !isHostFailure(error)) await followed.runner.signal('KILL').catch(() => undefined)
    throw error
  }
}

/** Whether it was the runner's machine that failed, and not the training. */
export function isHostFailure(error: unknown): boolean {
  return isHoldfastError(error) && /^(?:HOST|SSH)_/.test(error.code)
}

async function follow(followed: FollowedRunner, control: TrainingControl): Promise<HoldfastError | null> {
  const { host, folders, services, runner, problem } = followed
  const progress = new HostLines(host, posix.join(folders.there, RUNNER_FILES.progress))
  const events = new HostLines(host, posix.join(folders.there, EVENTS_FILE))
  let begun = false
  let asked: 'TERM' | 'KILL' | null = null
  for (;;) {
    // Asked before the files are read, so that nothing written by a runner that ended meanwhile is missed.
    const alive = await runner.isAlive()
    for (const line of await progress.next()) {
      begun = true
      const now = runnerProgressSchema.parse(JSON.parse(line))
      if (now.phase !== 'updating') services.onProgress?.(now)
    }
    // What an earlier process left behind its last checkpoint is dropped by the runner before its first progress.
    if (begun) for (const line of await events.next()) await passOn(followed, control, trainingEventSchema.parse(JSON.parse(line)))
    if (!alive) return problem()
    const signal = signalFor(problem(), control)
    if (signal !== null && signal !== asked) await runner.signal((asked = signal))
    await sleep(host.isLocal ? LOCAL_POLL_MS : REMOTE_POLL_MS)
  }
}

function signalFor(problem: HoldfastError | null, { cancelled }: TrainingControl): 'TERM' | 'KILL' | null {
  if (problem !== null) return 'KILL'
  if (cancelled === null) return null
  return cancelled.saveFirst ? 'TERM' : 'KILL'
}

/** A checkpoint is brought home before anybody hears of it. */
async function passOn(
  { host, folders, steps, services }: FollowedRunner,
  { stream }: TrainingControl,
  event: TrainingEvent,
): Promise<void> {
  if (event.type === 'step') services.onProgress?.({ phase: 'updating', step: event.step, steps, tokens: event.trainedTokens })
  if (event.type === 'checkpoint') await bringCheckpoint(host, folders, event)
  stream.push(event)
}
