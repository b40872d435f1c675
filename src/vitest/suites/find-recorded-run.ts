/**
 * @file Finds the run of a suite that a plain test run asserts on: the one that HOLDFAST_RUN names, or the latest that came to its end.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { PLAN_FILE, RUN_FILE } from '../../ledger/run-layout.ts'
import { NamedRunError } from '../errors.ts'

/** Which run is meant. */
export interface WantedRun {
  readonly suite: string
  readonly budget: string | null
  /** Folder of runs, absolute. */
  readonly root: string
  /** A directory, or a name in the folder of runs; null for the latest. */
  readonly named: string | null
}

/** Only what is asked here: the folder may hold runs of older versions. */
const outlineSchema = z.looseObject({
  mode: z.string(),
  suite: z.looseObject({ name: z.string(), budget: z.string().nullable() }),
})

/**
 * The absolute directory of the run, null where there is none. A named run of another suite is passed over: a test run may hold several.
 * @throws NamedRunError when the named directory holds no finished run
 */
export function findRecordedRun(wanted: WantedRun): string | null {
  return namedRun(wanted) ?? latestRun(wanted)
}

function namedRun({ suite, root, named }: WantedRun): string | null {
  if (named === null) return null
  const tried = [resolve(named), resolve(root, named)]
  const found = tried.find((directory) => existsSync(join(directory, RUN_FILE)))
  const outline = found === undefined ? null : outlineOf(found)
  if (found === undefined || outline === null) throw new NamedRunError({ given: named, tried })
  // Its budget is whatever was asked for when it was made.
  return outline.suite.name === suite ? found : null
}

/** By the time at which the run ended, then by name. */
function latestRun({ suite, budget, root }: WantedRun): string | null {
  if (!existsSync(root)) return null
  const runs = readdirSync(root)
    .map((name) => join(root, name))
    .filter((directory) => existsSync(join(directory, RUN_FILE)))
    .map((directory) => ({ directory, endedMs: statSync(join(directory, RUN_FILE)).mtimeMs }))
    .toSorted((one, other) => other.endedMs - one.endedMs || (one.directory < other.directory ? 1 : -1))
  const isWanted = (directory: string): boolean => {
    const outline = outlineOf(directory)
    return outline !== null && outline.mode === 'run' && outline.suite.name === suite && outline.suite.budget === budget
  }
  return runs.find(({ directory }) => isWanted(directory))?.directory ?? null
}

function outlineOf(directory: string): z.infer<typeof outlineSchema> | null {
  try {
    return outlineSchema.parse(JSON.parse(readFileSync(join(directory, PLAN_FILE), 'utf8')))
  } catch {
    return null
  }
}
