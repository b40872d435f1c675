/**
 * @file Where a project keeps its evals, suites and reports: the member "holdfast" of its package.json, else the usual names.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { displayPath } from './display-path.ts'
import { ProjectFoldersError } from './file-errors.ts'

/** Folders relative to the project's root. */
export interface ProjectFolders {
  readonly evals: string
  readonly suites: string
  readonly reports: string
}

/** The folders of a project that says nothing. */
export const USUAL_FOLDERS: ProjectFolders = { evals: 'evals', suites: 'suites', reports: 'reports' }

const folder = z.string().min(1)
const foldersSchema = z.strictObject({ evals: folder.optional(), suites: folder.optional(), reports: folder.optional() })
const packageSchema = z.looseObject({ holdfast: foldersSchema.optional() })

/** The folders that the package.json in `root` names. @throws ProjectFoldersError when it cannot be read or names something else */
export function projectFolders(root: string = process.cwd()): ProjectFolders {
  const path = join(resolve(root), 'package.json')
  if (!existsSync(path)) return USUAL_FOLDERS
  const parsed = packageSchema.safeParse(readPackage(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ProjectFoldersError({ path: displayPath(path), reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` })
  }
  const { evals, suites, reports } = parsed.data.holdfast ?? {}
  return { evals: evals ?? USUAL_FOLDERS.evals, suites: suites ?? USUAL_FOLDERS.suites, reports: reports ?? USUAL_FOLDERS.reports }
}

function readPackage(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ProjectFoldersError({ path: displayPath(path), reason: 'it cannot be read as JSON' }, { cause })
  }
}
