/**
 * @file The files that cross between Holdfast and the runner: where they lie here and on the runner's machine, and what they say.
 * On this machine both are the same folder.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { readCompleteLines } from '../../../base/jsonl.ts'
import { writeWholeFile } from '../../../base/whole-file.ts'
import type { Host } from '../../../host/host.ts'
import { identifyAdapter } from '../../../identity/identify-model.ts'
import { EVENTS_FILE, RUNNER_FILES } from '../../../ledger/run-layout.ts'
import { sendFolder } from '../../../python/send-folder.ts'
import { trainingEventSchema, type TrainingEvent } from '../../training-event.ts'
import type { TrainingSpec } from '../../training-spec.ts'
import { runnerExitSchema, type RunnerExit } from '../protocol.ts'

/** Folders of one training. */
export interface RunnerFolders {
  /** On this machine: the training's own directory. */
  readonly here: string
  /** On the runner's machine. */
  readonly there: string
}

/** The folders of a training; another machine keeps it below its cache, apart from those of everybody else who works there under the same name. */
export async function runnerFolders(host: Host, spec: Pick<TrainingSpec, 'runId' | 'round' | 'arm' | 'directory'>): Promise<RunnerFolders> {
  const here = resolve(spec.directory)
  if (host.isLocal) return { here, there: here }
  return { here, there: posix.join(await host.cacheDirectory(), 'trainings', hostFolderName(here, spec)) }
}

function hostFolderName(here: string, { runId, round, arm }: Pick<TrainingSpec, 'runId' | 'round' | 'arm'>): string {
  const path = join(here, RUNNER_FILES.hostFolder)
  const known = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  if (/^\w[\w.-]*$/.test(known)) return known
  const readable = [runId, round, arm].join('-').replaceAll(/[^\w-]/g, '_')
  const name = `t-${readable.slice(0, 80)}-${randomBytes(6).toString('hex')}`
  writeWholeFile(path, `${name}\n`)
  return name
}

/** The directory on the host of an adapter of this machine, which is sent there first. */
export async function bringAdapter(host: Host, directory: string): Promise<string> {
  if (host.isLocal) return resolve(directory)
  return sendFolder(host, directory, { kind: 'adapters', hash: await identifyAdapter(directory) })
}

/** Text of one of the training's files on the runner's machine; empty when there is none. */
export async function readThere(host: Host, folders: RunnerFolders, name: string): Promise<string> {
  return new TextDecoder().decode(await host.readFrom(posix.join(folders.there, name), 0))
}

/** Text of one of the training's files on this machine; empty when there is none. */
export function readHere(folders: RunnerFolders, name: string): string {
  const path = join(folders.here, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** How the runner ended, from the text of `exit.json`; null while it has not, or when it wrote nothing that can be read. */
export function parseExit(text: string): RunnerExit | null {
  try {
    return text === '' ? null : runnerExitSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The events of a training as they lie on this machine; the part of a line that a killed runner left is no event. @throws ZodError for a line that is no event */
export function readEvents(folders: RunnerFolders): TrainingEvent[] {
  return readCompleteLines(join(folders.here, EVENTS_FILE)).map((line) => trainingEventSchema.parse(JSON.parse(line)))
}

/** The last lines of the runner's log, for messages. */
export async function logTail(host: Host, folders: RunnerFolders, lines: number): Promise<string> {
  return (await readThere(host, folders, RUNNER_FILES.log)).trimEnd().split('\n').slice(-lines).join('\n')
}
