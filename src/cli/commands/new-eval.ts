/**
 * @file `holdfast new eval <name>`: writes a working eval with a few cases to edit. Overwrites nothing and edits no suite.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { fileWriteFailure } from '../../base/file-errors.ts'
import { bundledModel } from '../bundled-model.ts'
import { EvalExistsError, EvalNameError } from '../errors.ts'
import { evalTemplate } from '../eval-template.ts'
import type { EvalTemplate } from '../eval-template.ts'
import { projectFolders, type ProjectFolders } from '../../base/project-folders.ts'

const EVAL_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const LONGEST_NAME = 40

/** What was written, and what is left for the user to type into the suite. */
export interface NewEval {
  readonly evalFile: string
  readonly casesFile: string
  readonly importLine: string
  readonly listEntry: string
}

/** Writes `<evals>/<name>/<name>.eval.ts` and `cases.jsonl`. */
export function newEval(name: string, folders: Pick<ProjectFolders, 'evals' | 'suites'> = projectFolders()): NewEval {
  if (!EVAL_NAME.test(name) || name.length > LONGEST_NAME) throw new EvalNameError({ name })
  return writeEval(name, folders, evalTemplate(name))
}

/** Writes the files of a template. @throws EvalExistsError, DiskFullError, FileWriteError */
export function writeEval(name: string, folders: Pick<ProjectFolders, 'evals' | 'suites'>, template: EvalTemplate): NewEval {
  const directory = resolve(folders.evals, name)
  if (existsSync(directory)) throw new EvalExistsError({ directory })
  const evalFile = join(directory, `${name}.eval.ts`)
  const casesFile = join(directory, 'cases.jsonl')
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(evalFile, template.source, { flag: 'wx' })
    writeFileSync(casesFile, template.cases, { flag: 'wx' })
  } catch (error) {
    throw fileWriteFailure(directory, error)
  }
  const fromSuites = relative(resolve(folders.suites), evalFile).split(sep).join('/')
  const importPath = fromSuites.startsWith('.') ? fromSuites : `./${fromSuites}`
  return { evalFile, casesFile, importLine: `import ${template.variable} from '${importPath}'`, listEntry: `${template.variable},` }
}

/** What the command prints. */
export function newEvalMessage(made: NewEval): string {
  const evalFile = displayPath(made.evalFile)
  return [
    'Wrote a working eval:',
    `  ${evalFile}`,
    `  ${displayPath(made.casesFile)}`,
    '',
    'Two lines are left for you, in your suite file:',
    `  ${made.importLine}`,
    `  ${made.listEntry}   (at the end of "features")`,
    '',
    'Then put your own cases in place of these (a gate needs some hundreds; a run says how many), and try it:',
    `  npx holdfast eval ${evalFile} --model ${bundledModel()}`,
  ].join('\n')
}
