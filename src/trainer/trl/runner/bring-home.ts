/**
 * @file Brings what a runner wrote on another machine into the training's directory on this one. An adapter takes its place only when it is whole and is
 * the one that its event announced. Where both are one machine there is nothing to bring.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join, posix } from 'node:path'
import { hashFile } from '../../../base/hash.ts'
import { writeWholeFile } from '../../../base/whole-file.ts'
import { HostCopyError } from '../../../host/errors.ts'
import type { Host } from '../../../host/host.ts'
import { checkpointFolder, EVENTS_FILE, ROLLOUTS_FILE, RUNNER_FILES } from '../../../ledger/run-layout.ts'
import type { TrainingEvent } from '../../training-event.ts'
import { readEvents, type RunnerFolders } from './files.ts'

type CheckpointEvent = Extract<TrainingEvent, { type: 'checkpoint' }>

/** Brings everything that the training's directory keeps; how the runner ended comes last. @throws errors of the host */
export async function bringHome(host: Host, folders: RunnerFolders): Promise<void> {
  if (host.isLocal) return
  await bringFiles(host, folders, [EVENTS_FILE, ROLLOUTS_FILE, RUNNER_FILES.log])
  for (const event of readEvents(folders)) if (event.type === 'checkpoint') await bringCheckpoint(host, folders, event)
  await bringFiles(host, folders, [RUNNER_FILES.spec, RUNNER_FILES.exit])
}

async function bringFiles(host: Host, folders: RunnerFolders, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const bytes = await host.readFrom(posix.join(folders.there, name), 0)
    if (bytes.length > 0) writeWholeFile(join(folders.here, name), bytes)
  }
}

/** Brings the adapter that an event names, unless it is here. @throws HostCopyError, errors of the host */
export async function bringCheckpoint(host: Host, folders: RunnerFolders, event: CheckpointEvent): Promise<void> {
  if (host.isLocal || (await isHere(folders, event))) return
  const [from, to] = [posix.join(folders.there, event.adapter), join(folders.here, event.adapter)]
  // What another machine wrote decides no path of this one.
  if (event.adapter !== checkpointFolder(event.step))
    throw new HostCopyError({ host: host.name, from, to, reason: 'it is no checkpoint of this training' })
  const arriving = `${to}.arriving`
  rmSync(arriving, { recursive: true, force: true })
  await host.download(from, arriving)
  if ((await hashOf(arriving)) !== event.hash)
    throw new HostCopyError({ host: host.name, from, to, reason: 'it is not the adapter that was announced' })
  rmSync(to, { recursive: true, force: true })
  renameSync(arriving, to)
}

/** Whether every adapter that the events name is on this machine, as it was announced. */
export async function areCheckpointsHere(folders: RunnerFolders): Promise<boolean> {
  for (const event of readEvents(folders)) if (event.type === 'checkpoint' && !(await isHere(folders, event))) return false
  return true
}

async function isHere(folders: RunnerFolders, event: CheckpointEvent): Promise<boolean> {
  return (await hashOf(join(folders.here, event.adapter))) === event.hash
}

async function hashOf(adapter: string): Promise<string | null> {
  const file = join(adapter, 'adapter_model.safetensors')
  return existsSync(file) ? hashFile(file) : null
}
