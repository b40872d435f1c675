/**
 * @file Failures of the trainer's Python environment: not there, not the one that is needed, not to be made.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Host } from '../host/host.ts'

/** The least about a host that messages need. */
export type NamedHost = Pick<Host, 'name' | 'isLocal'>

/** The host that an error is about, as data. */
interface OnHost {
  readonly host: string
  readonly isLocal: boolean
}

/** What an error says of a host. */
export function onHost({ name, isLocal }: NamedHost): OnHost {
  return { host: name, isLocal }
}

/** The command that sets the trainer up on a host, with further flags. */
export function setupCommand(host: NamedHost, ...flags: readonly string[]): string {
  return ['npx holdfast trainer setup', ...(host.isLocal ? [] : [`--host ssh://${host.name}`]), ...flags].join(' ')
}

/** No environment was named and none was set up. */
export class TrainerNotSetUpError extends defineError('TRAINER_NOT_SET_UP', ({ host, isLocal, folder }: OnHost & { folder: string }) => ({
  summary: 'The trainer has no Python environment, or one of another version of Holdfast, or its set-up was cut off',
  where: `${host}, ${folder}`,
  fix: `run: ${setupCommand({ name: host, isLocal })}`,
})) {}

/** A Python that the user named does not run. */
export class TrainerPythonUnusableError extends defineError(
  'TRAINER_PYTHON_UNUSABLE',
  ({ host, isLocal, python, output }: OnHost & { python: string; output: string }) => ({
    summary: `The Python that was named does not run: ${quoteUntrusted(output.trim(), 200)}`,
    where: `${host}, ${quoteUntrusted(python, 200)}`,
    fix: `name the python program of an environment (…/bin/python) in trl({ python }) or HOLDFAST_PYTHON; or leave it out and run: ${setupCommand({ name: host, isLocal })}`,
  }),
) {}

/** What is wrong with an environment that the user named. */
export interface VersionProblem {
  readonly missing: readonly string[]
  /** The version of trl that is installed; null when none is. */
  readonly trl: string | null
  /** What pip would have to be given: "trl==1.16.0 peft==0.21.2". */
  readonly wanted: string
}

/** An environment that the user named lacks a package, or holds a trl whose behaviour is not known here. */
export class TrainerVersionError extends defineError(
  'TRAINER_VERSION',
  ({ host, isLocal, python, missing, trl, wanted }: OnHost & VersionProblem & { python: string }) => {
    const what =
      missing.length > 0 ? `lacks ${missing.join(', ')}` : `holds trl ${quoteUntrusted(trl ?? '')}, which the trainer was not written for`
    return {
      summary: `The Python environment that was named ${what}`,
      where: `${host}, ${python}`,
      fix: `run: ${python} -m pip install ${wanted}; or leave the environment out and run: ${setupCommand({ name: host, isLocal })}`,
    }
  },
) {}

/** No Python on the host that an environment can be made with. */
export class PythonMissingError extends defineError(
  'PYTHON_MISSING',
  ({ host, problem, fix }: OnHost & { problem: string; fix: string }) => ({
    summary: `The trainer needs Python 3.11, 3.12 or 3.13: ${problem}`,
    where: host,
    fix,
  }),
) {}

/** Too little disk for the environment. */
export class TrainerDiskError extends defineError(
  'TRAINER_DISK_SPACE',
  ({ host, folder, free, needed }: OnHost & { folder: string; free: number; needed: number }) => ({
    summary: `The set-up needs about ${gigabytes(needed)} of disk, ${gigabytes(free)} are free; nothing was written`,
    where: `${host}, ${folder}`,
    fix: 'free some space there, or set HOLDFAST_CACHE there to a folder on another disk',
  }),
) {}

/** vLLM or bitsandbytes were asked for in an environment for the CPU. */
export class ExtraNeedsCudaError extends defineError(
  'TRAINER_EXTRA_NEEDS_CUDA',
  ({ host, isLocal, extras }: OnHost & { extras: readonly string[] }) => ({
    summary: `The environment would be one for the CPU, and ${extras.join(' and ')} can only be used with CUDA; nothing was installed`,
    where: host,
    fix: `leave --with out; on a machine with an NVIDIA card whose driver does not answer yet, run: ${setupCommand({ name: host, isLocal }, '--cuda', ...extras.map((name) => `--with ${name}`))}`,
  }),
) {}

/** A step of the set-up ended with an error. */
export class TrainerSetupError extends defineError(
  'TRAINER_SETUP_FAILED',
  ({ host, step, tail, log, command }: OnHost & { step: string; tail: readonly string[]; log: string; command: string }) => {
    const said = tail.length === 0 ? 'it said nothing' : `it said last: ${tail.map((line) => quoteUntrusted(line, 300)).join(', ')}`
    return {
      summary: `The set-up of the trainer stopped at the step "${step}"; ${said}`,
      where: `${host}, log ${log}`,
      fix: `mend what the log names, then run: ${command}`,
    }
  },
) {}

/** An environment or a host answered in a form that is not understood. */
export class TrainerProbeError extends defineError(
  'TRAINER_PROBE_FAILED',
  ({ host, isLocal, what, output }: OnHost & { what: string; output: string }) => ({
    summary: `${what} did not answer as expected; the end of its output: ${quoteUntrusted(output.trim().slice(-300), 300)}`,
    where: host,
    fix: `see that Python and a POSIX shell work there, then make the environment again: ${setupCommand({ name: host, isLocal }, '--force')}`,
  }),
) {}

/** Bytes as people write disk sizes: "3.0 GB" of 1e9 bytes. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
