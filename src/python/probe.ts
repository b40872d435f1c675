/**
 * @file What a host can do for the trainer: the machine, the environment, torch and its devices. Judges nothing; `checkHost` does.
 */
import type { HoldfastError } from '../base/errors.ts'
import { isHoldfastError } from '../base/errors.ts'
import type { Host } from '../host/host.ts'
import { findEnvironment } from './environment.ts'
import type { TrainerEnvironment } from './environment.ts'
import { askPython } from './probe-python.ts'
import type { PythonProbe } from './probe-python.ts'
import { EXTRAS, pinnedVersions, readRequirements } from './requirements.ts'
import { choosePython, environmentsFolder, surveyHost } from './survey-host.ts'
import type { HostSurvey, PythonFound } from './survey-host.ts'

/** A host with everything that could be learned of it. */
export interface HostProbe {
  readonly host: { readonly name: string; readonly isLocal: boolean }
  readonly survey: HostSurvey
  /** Folder of the environments. */
  readonly folder: string
  /** The Python a set-up would use, or why there is none. */
  readonly python: PythonFound | HoldfastError
  /** The environment the trainer would use, or why there is none. */
  readonly environment: TrainerEnvironment | HoldfastError
  /** What the environment said: versions of every pinned package and extra, torch's devices. Null without an environment. */
  readonly inside: PythonProbe | null
}

/** Looks at a host and into its environment; torch is imported there, which takes seconds. @throws errors of the host, TrainerProbeError */
export async function probeHost(host: Host, options: { readonly python?: string | undefined } = {}): Promise<HostProbe> {
  const survey = await surveyHost(host)
  const environment = await orFailure(async () => await findEnvironment(host, options))
  const packages = [...Object.keys(pinnedVersions(readRequirements().trainer)), ...EXTRAS]
  return {
    host: { name: host.name, isLocal: host.isLocal },
    survey,
    folder: await environmentsFolder(host),
    python: await orFailure(() => choosePython(host, survey)),
    environment,
    inside: 'python' in environment ? await askPython(host, environment.python, { packages, torch: true }) : null,
  }
}

/** Failures of an environment are part of the answer; those of the host are not. */
async function orFailure<Found>(find: () => Found | Promise<Found>): Promise<Found | HoldfastError> {
  try {
    return await find()
  } catch (error) {
    if (isHoldfastError(error) && /^(TRAINER|PYTHON)_/.test(error.code)) return error
    throw error
  }
}
