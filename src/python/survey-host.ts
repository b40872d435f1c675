/**
 * @file Looks at what a machine has before and beside any environment: Pythons, uv, driver, cores, memory, disk. One shell script, nothing installed.
 */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { PythonMissingError, TrainerProbeError, onHost } from './errors.ts'

/** A Python program that answered. */
export interface PythonFound {
  readonly version: string
  readonly path: string
  /** Whether it brings venv and ensurepip; Debian ships them apart. */
  readonly hasVenv: boolean
}

/** What a machine has. Null where it could not be learned or is not there. */
export interface HostSurvey {
  readonly system: string | null
  readonly cores: number | null
  readonly memoryBytes: number | null
  /** Of the disk that holds the environments' folder. */
  readonly freeDiskBytes: number | null
  readonly uv: { readonly version: string; readonly path: string } | null
  readonly ssh: string | null
  /** Version of NVIDIA's driver, when nvidia-smi answers. */
  readonly nvidiaDriver: string | null
  readonly pythons: readonly PythonFound[]
}

// 3.12 first: every package has wheels for it, and it will be maintained for long.
const PYTHON_NAMES = ['python3.12', 'python3.11', 'python3.13', 'python3', 'python']

/** The folder on a host under which environments lie. */
export async function environmentsFolder(host: Host): Promise<string> {
  return posix.join(await host.cacheDirectory(), 'trainer')
}

/** Looks at a host. @throws TrainerProbeError */
export async function surveyHost(host: Host): Promise<HostSurvey> {
  const script = readFileSync(new URL('./scripts/look.sh', import.meta.url), 'utf8')
  const { code, stdout, stderr } = await host.run(['sh', '-c', script, 'look', await environmentsFolder(host), ...PYTHON_NAMES])
  if (code !== 0) throw new TrainerProbeError({ ...onHost(host), what: 'The look at the machine', output: stdout + stderr })
  return readSurvey(stdout)
}

/** The survey in what look.sh printed. */
export function readSurvey(output: string): HostSurvey {
  const rows = output.split('\n').map((line) => line.split('\t'))
  const text = (name: string): string | null => rows.find(([key]) => key === name)?.[1] ?? null
  const number = (name: string): number | null => numberOf(text(name))
  const uvPath = text('uv-path')
  const pythons = rows
    .filter(([key]) => key === 'python')
    .map(([, version = '', whole, path = '']) => ({ version, path, hasVenv: whole === 'whole' }))
  return {
    system: text('system'),
    cores: number('cores'),
    memoryBytes: number('memory-bytes'),
    freeDiskBytes: number('free-disk-bytes'),
    uv: uvPath === null ? null : { version: text('uv')?.replace(/^uv (\S+).*$/, '$1') ?? '', path: uvPath },
    ssh: text('ssh'),
    nvidiaDriver: text('nvidia-driver'),
    pythons,
  }
}

/** The Python to make an environment with: the first of a supported version that brings venv, or any supported one where uv is. @throws PythonMissingError */
export function choosePython(host: Host, survey: HostSurvey): PythonFound {
  const supported = survey.pythons.filter(({ version }) => /^3\.1[123]\./.test(version))
  const chosen = supported.find(({ hasVenv }) => hasVenv || survey.uv !== null)
  if (chosen !== undefined) return chosen
  throw new PythonMissingError({ ...onHost(host), problem: pythonProblem(survey, supported), fix: pythonFix(survey, supported) })
}

function pythonProblem(survey: HostSurvey, supported: readonly PythonFound[]): string {
  const [bare] = supported
  if (bare !== undefined) return `${bare.path} (${bare.version}) has no venv module`
  const versions = [...new Set(survey.pythons.map(({ version }) => version))]
  return versions.length === 0 ? 'none was found' : `only ${versions.join(', ')} was found`
}

function pythonFix(survey: HostSurvey, supported: readonly PythonFound[]): string {
  if (survey.uv !== null) return 'run: uv python install 3.12'
  if (survey.system?.startsWith('Darwin') === true) return 'run: brew install python@3.12'
  const [bare] = supported
  const name = bare === undefined ? 'python3.12' : `python${bare.version.split('.').slice(0, 2).join('.')}`
  const packages = bare === undefined ? `${name} ${name}-venv` : `${name}-venv`
  return `run: sudo apt install ${packages} (Debian, Ubuntu; elsewhere your system's package of the same), or install uv and run: uv python install 3.12`
}

function numberOf(text: string | null): number | null {
  const number = text === null || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : null
}
