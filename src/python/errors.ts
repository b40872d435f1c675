/**
 * @file Failures of the trainer's Python environment: not there, not the one that is needed, not to be made.
 */
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Host } from '../host/host.ts'

/** The least about a host that messages need. */
export type NamedHost = Pick<Host, 'name' | 'isLocal'>

/** The command that sets the trainer up on a host, with further flags. */
export function setupCommand(host: NamedHost, ...flags: readonly string[]): string {
  return ['npx holdfast trainer setup', ...(host.isLocal ? [] : [`--host ssh://${host.name}`]), ...flags].join(' ')
}

/** No environment was named and none was set up. */
export class TrainerNotSetUpError extends HoldfastError {
  constructor(host: NamedHost, folder: string) {
    super({
      code: 'TRAINER_NOT_SET_UP',
      summary: 'The trainer has no Python environment, or one of another version of Holdfast, or its set-up was cut off',
      where: `${host.name}, ${folder}`,
      fix: `run: ${setupCommand(host)}`,
    })
  }
}

/** A Python that the user named does not run. */
export class TrainerPythonUnusableError extends HoldfastError {
  constructor(host: NamedHost, python: string, output: string) {
    super({
      code: 'TRAINER_PYTHON_UNUSABLE',
      summary: `The Python that was named does not run: ${quoteUntrusted(output.trim(), 200)}`,
      where: `${host.name}, ${quoteUntrusted(python, 200)}`,
      fix: `name the python program of an environment (…/bin/python) in trl({ python }) or HOLDFAST_PYTHON; or leave it out and run: ${setupCommand(host)}`,
    })
  }
}

/** What is wrong with an environment that the user named. */
export interface VersionProblem {
  readonly missing: readonly string[]
  /** The version of trl that is installed; null when none is. */
  readonly trl: string | null
  /** What pip would have to be given: "trl==1.16.0 peft==0.21.2". */
  readonly wanted: string
}

/** An environment that the user named lacks a package, or holds a trl whose behaviour is not known here. */
export class TrainerVersionError extends HoldfastError {
  readonly missing: readonly string[]

  constructor(host: NamedHost, python: string, problem: VersionProblem) {
    const { missing, trl, wanted } = problem
    const what =
      missing.length > 0 ? `lacks ${missing.join(', ')}` : `holds trl ${quoteUntrusted(trl ?? '')}, which the trainer was not written for`
    super({
      code: 'TRAINER_VERSION',
      summary: `The Python environment that was named ${what}`,
      where: `${host.name}, ${python}`,
      fix: `run: ${python} -m pip install ${wanted}; or leave the environment out and run: ${setupCommand(host)}`,
    })
    this.missing = missing
  }
}

/** No Python on the host that an environment can be made with. */
export class PythonMissingError extends HoldfastError {
  constructor(host: NamedHost, problem: string, fix: string) {
    super({
      code: 'PYTHON_MISSING',
      summary: `The trainer needs Python 3.11, 3.12 or 3.13: ${problem}`,
      where: host.name,
      fix,
    })
  }
}

/** Too little disk for the environment. */
export class TrainerDiskError extends HoldfastError {
  constructor(host: NamedHost, folder: string, bytes: { readonly free: number; readonly needed: number }) {
    super({
      code: 'TRAINER_DISK_SPACE',
      summary: `The set-up needs about ${gigabytes(bytes.needed)} of disk, ${gigabytes(bytes.free)} are free; nothing was written`,
      where: `${host.name}, ${folder}`,
      fix: 'free some space there, or set HOLDFAST_CACHE there to a folder on another disk',
    })
  }
}

/** vLLM or bitsandbytes were asked for in an environment for the CPU. */
export class ExtraNeedsCudaError extends HoldfastError {
  constructor(host: NamedHost, extras: readonly string[]) {
    super({
      code: 'TRAINER_EXTRA_NEEDS_CUDA',
      summary: `The environment would be one for the CPU, and ${extras.join(' and ')} can only be used with CUDA; nothing was installed`,
      where: host.name,
      fix: `leave --with out; on a machine with an NVIDIA card whose driver does not answer yet, run: ${setupCommand(host, '--cuda', ...extras.map((name) => `--with ${name}`))}`,
    })
  }
}

/** A step of the set-up ended with an error. */
export class TrainerSetupError extends HoldfastError {
  readonly step: string
  readonly log: string

  constructor(
    host: NamedHost,
    data: { readonly step: string; readonly tail: readonly string[]; readonly log: string; readonly command: string },
  ) {
    const said =
      data.tail.length === 0 ? 'it said nothing' : `it said last: ${data.tail.map((line) => quoteUntrusted(line, 300)).join(', ')}`
    super({
      code: 'TRAINER_SETUP_FAILED',
      summary: `The set-up of the trainer stopped at the step "${data.step}"; ${said}`,
      where: `${host.name}, log ${data.log}`,
      fix: `mend what the log names, then run: ${data.command}`,
    })
    this.step = data.step
    this.log = data.log
  }
}

/** An environment or a host answered in a form that is not understood. */
export class TrainerProbeError extends HoldfastError {
  constructor(host: NamedHost, what: string, output: string) {
    super({
      code: 'TRAINER_PROBE_FAILED',
      summary: `${what} did not answer as expected; the end of its output: ${quoteUntrusted(output.trim().slice(-300), 300)}`,
      where: host.name,
      fix: `see that Python and a POSIX shell work there, then make the environment again: ${setupCommand(host, '--force')}`,
    })
  }
}

/** Bytes as people write disk sizes: "3.0 GB" of 1e9 bytes. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
