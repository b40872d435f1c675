/**
 * @file Finds the run directory that a user means.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PLAN_FILE } from '../ledger/run-layout.ts'
import { RunNotFoundError } from './errors.ts'

/** The absolute path of a run, given as a directory or as a name under `reports`. */
export function findRun(given: string, reports = 'reports'): string {
  const tried = [resolve(given), resolve(reports, given)]
  const found = tried.find((directory) => existsSync(join(directory, PLAN_FILE)))
  if (found === undefined) throw new RunNotFoundError({ given, tried })
  return found
}
