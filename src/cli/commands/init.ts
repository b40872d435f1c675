/**
 * @file `holdfast init`: a first eval, a first retention eval and a suite in a project that exists already. It overwrites nothing: what is there stays.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { projectFolders, USUAL_FOLDERS, type ProjectFolders } from '../../base/project-folders.ts'
import { writeWholeFile } from '../../base/whole-file.ts'
import { bundledModel } from '../bundled-model.ts'
import { SuiteExistsError } from '../errors.ts'
import { RETENTION_NAME, retentionTemplate } from '../retention-template.ts'
import { suiteSource } from '../suite-template.ts'
import { newEval, writeEval, type NewEval } from './new-eval.ts'

/** What `init` may be told; folders that are given are kept in package.json. */
export type InitFlags = Partial<ProjectFolders> & {
  /** Name of the first feature's eval. Default "message-kind". */
  readonly feature?: string | undefined
  /** Base model of the suite. Default: the bundled toy model. */
  readonly base?: string | undefined
}

/** What was written, in the order in which it is told. */
export interface InitResult {
  readonly written: readonly string[]
  readonly next: readonly string[]
}

const SUITE_NAME = 'app'

/** Sets up the project in the working directory. @throws SuiteExistsError, EvalExistsError, ProjectFoldersError, DiskFullError, FileWriteError */
export function init(flags: InitFlags): InitResult {
  const before = projectFolders()
  const folders = {
    evals: flags.evals ?? before.evals,
    suites: flags.suites ?? before.suites,
    reports: flags.reports ?? before.reports,
  }
  const suiteFile = resolve(folders.suites, `${SUITE_NAME}.suite.ts`)
  if (existsSync(suiteFile)) throw new SuiteExistsError({ path: suiteFile })
  const featureName = flags.feature ?? 'message-kind'
  const feature = newEval(featureName, folders)
  const retention = existsSync(resolve(folders.evals, RETENTION_NAME)) ? null : writeEval(RETENTION_NAME, folders, retentionTemplate())
  mkdirSync(dirname(suiteFile), { recursive: true })
  const retentionImport = retention?.importLine ?? importOfExisting(folders)
  writeWholeFile(
    suiteFile,
    suiteSource({
      name: SUITE_NAME,
      base: flags.base ?? bundledModel(),
      feature: { importLine: feature.importLine, variable: feature.listEntry.replace(/,$/, '') },
      retention: { importLine: retentionImport, variable: 'generalSkills' },
    }),
  )
  const kept = [keepFolders(folders), ignoreReports(folders.reports)].flatMap((path) => path ?? [])
  return { written: [...filesOf(feature), ...(retention === null ? [] : filesOf(retention)), suiteFile, ...kept], next: nextSteps(feature) }
}

/** What the command prints. */
export function initMessage({ written, next }: InitResult): string {
  return ['Wrote', ...written.map((path) => `  ${displayPath(path)}`), '', ...next].join('\n')
}

function filesOf({ evalFile, casesFile }: NewEval): string[] {
  return [evalFile, casesFile]
}

function importOfExisting({ evals, suites }: ProjectFolders): string {
  const path = relative(resolve(suites), resolve(evals, RETENTION_NAME, `${RETENTION_NAME}.eval.ts`))
    .split(sep)
    .join('/')
  return `import generalSkills from '${path}'`
}

/** Writes folders that are not the usual ones into package.json, with the file's own indentation. Null when nothing had to be written. */
function keepFolders(folders: ProjectFolders): string | null {
  const unusual = Object.entries(folders).filter(([name, folder]) => folder !== USUAL_FOLDERS[name as keyof ProjectFolders])
  const path = resolve('package.json')
  if (unusual.length === 0 && !existsSync(path)) return null
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '{}\n'
  const content = JSON.parse(text) as Record<string, unknown>
  const wanted = Object.fromEntries(unusual)
  if (JSON.stringify(content['holdfast'] ?? {}) === JSON.stringify(wanted)) return null
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  '
  writeWholeFile(path, `${JSON.stringify({ ...content, holdfast: wanted }, null, indent)}\n`)
  return path
}

/** Runs are large and made anew: they stay out of git. Null where there is no git, or it is told already. */
function ignoreReports(reports: string): string | null {
  const path = resolve('.gitignore')
  if (!existsSync(resolve('.git')) && !existsSync(path)) return null
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const line = `${reports.replace(/\/+$/, '')}/`
  if (text.split(/\r?\n/).some((one) => one.trim().replace(/^\//, '') === line)) return null
  writeWholeFile(path, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`)
  return path
}

function nextSteps(feature: NewEval): string[] {
  const name = dirname(feature.evalFile).split(/[/\\]/).at(-1) ?? ''
  return [
    'Next',
    `  npx holdfast eval ${name} --model ${bundledModel()}   where the bundled toy model stands`,
    `  npx holdfast run ${SUITE_NAME} --report-only   tunes it, judges it, writes the report`,
    ...(usesVitest() ? ["  add evalsProject() and suitesProject() of 'holdfast/vitest' to test.projects in your vitest.config"] : []),
    '',
    'Then put your own cases in place of these: a gate needs some hundreds, and a run says how many.',
  ]
}

function usesVitest(): boolean {
  const path = join(process.cwd(), 'package.json')
  if (!existsSync(path)) return false
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>
  return 'vitest' in dependencies || 'vitest' in devDependencies
}
