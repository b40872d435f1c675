/**
 * @file Finds the Python environment that the trainer runs in on a host: the user's own, or the one that was set up. Makes nothing.
 */
import { posix } from 'node:path'
import { z } from 'zod'
import type { Host } from '../host/host.ts'
import { TrainerNotSetUpError, TrainerVersionError, onHost } from './errors.ts'
import { askPython } from './probe-python.ts'
import { EXTRAS, isPinnedVersion, pinnedVersions, pinsHash, readRequirements } from './requirements.ts'
import type { Extra, Variant } from './requirements.ts'
import { environmentsFolder } from './survey-host.ts'

/** A package of the user's own environment whose version is not the one the trainer was tested with. */
export interface VersionDifference {
  readonly name: string
  readonly found: string
  readonly pinned: string
}

/** An environment that can be used. */
export interface TrainerEnvironment {
  /** The Python program, a path on the host. */
  readonly python: string
  readonly source: 'set-up' | 'own'
  /** Null for the user's own: only torch itself can tell. */
  readonly variant: Variant | null
  /** Empty for the user's own, which may hold them all the same. */
  readonly extras: readonly Extra[]
  /** Of the user's own environment; none in a set-up one. */
  readonly differences: readonly VersionDifference[]
}

/** Packages that the runner imports. */
const NEEDED = ['torch', 'trl', 'transformers', 'peft', 'accelerate', 'datasets', 'pydantic'] as const
/** The package that must have the pinned version: trainings read its internals. */
const PINNED = 'trl'

const markerSchema = z.object({
  pins: z.string(),
  variant: z.enum(['cpu', 'cuda']),
  extras: z.array(z.enum(EXTRAS)),
  python: z.string(),
})

/** Where an environment of these pins lies on a host. */
export async function environmentDirectory(host: Host, variant: Variant): Promise<string> {
  return posix.join(await environmentsFolder(host), pinsHash(variant))
}

/**
 * The environment to use on a host: the `python` that was named, else HOLDFAST_PYTHON (for this machine only), else the one that was set up,
 * CUDA before CPU.
 * @throws TrainerNotSetUpError, TrainerVersionError, TrainerPythonUnusableError
 */
export async function findEnvironment(host: Host, options: { readonly python?: string | undefined } = {}): Promise<TrainerEnvironment> {
  const own = namedPython(host, options.python)
  if (own !== undefined) return await checkOwn(host, own)
  for (const variant of ['cuda', 'cpu'] as const) {
    const found = await readEnvironment(host, variant)
    if (found !== null) return found
  }
  throw new TrainerNotSetUpError({ ...onHost(host), folder: await environmentsFolder(host) })
}

/** The set-up environment of a variant; null when it was not made, not by this version of Holdfast, or not to the end. */
export async function readEnvironment(host: Host, variant: Variant): Promise<TrainerEnvironment | null> {
  const directory = await environmentDirectory(host, variant)
  const text = new TextDecoder().decode(await host.readFrom(posix.join(directory, 'complete.json'), 0))
  const marker = parseMarker(text)
  if (marker === null || marker.pins !== pinsHash(variant) || !(await host.exists(marker.python))) return null
  return { python: marker.python, source: 'set-up', variant, extras: marker.extras, differences: [] }
}

function namedPython(host: Host, python: string | undefined): string | undefined {
  // A path of this machine says nothing about another one.
  const variable = host.isLocal ? process.env['HOLDFAST_PYTHON'] : undefined
  return python ?? (variable === '' ? undefined : variable)
}

async function checkOwn(host: Host, python: string): Promise<TrainerEnvironment> {
  const { executable, packages } = await askPython(host, python, { packages: NEEDED, torch: false })
  const pins = pinnedVersions(readRequirements().trainer)
  const missing = NEEDED.filter((name) => (packages[name] ?? null) === null)
  const differences = NEEDED.flatMap((name) => {
    const [found, pinned] = [packages[name] ?? null, pins[name] ?? '']
    return found === null || isPinnedVersion(found, pinned) ? [] : [{ name, found, pinned }]
  })
  const trl = packages[PINNED] ?? null
  const refused = NEEDED.filter(
    (name) => missing.includes(name) || (name === PINNED && differences.some((difference) => difference.name === PINNED)),
  )
  if (refused.length > 0) {
    const wanted = refused.map((name) => `${name}==${pins[name] ?? ''}`).join(' ')
    throw new TrainerVersionError({ ...onHost(host), python: executable, missing, trl, wanted })
  }
  return { python: executable, source: 'own', variant: null, extras: [], differences }
}

function parseMarker(text: string): z.infer<typeof markerSchema> | null {
  try {
    return markerSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
