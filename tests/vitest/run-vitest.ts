/**
 * @file Runs vitest on a scratch project in a process of its own, as its user would.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

export interface JsonReport {
  readonly success: boolean
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[] | null
    }[]
  }[]
}

export interface ScratchRun {
  /** The project's root. */
  readonly root: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Nothing of the vitest that runs this test, and nothing that a continuous integration sets. */
const CLEAN = {
  HOLDFAST_TUNE: '',
  HOLDFAST_RUN: '',
  HOLDFAST_MODEL: '',
  HOLDFAST_EVALS: '',
  GITHUB_ACTIONS: '',
  VITEST: '',
  VITEST_WORKER_ID: '',
  VITEST_POOL_ID: '',
}

/** The environment of such a process. */
export function scratchEnvironment(env: ScratchRun['env'] = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...CLEAN, NO_COLOR: '1', FORCE_COLOR: '', ...env }
}

/** What `vitest run` prints. */
export function vitestOutput({ root, flags = [], env }: ScratchRun): Promise<string> {
  const args = [VITEST, 'run', '--root', root, ...flags]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: scratchEnvironment(env), cwd: root, maxBuffer: 64_000_000 }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })
}

/** What vitest's JSON reporter prints. */
export async function vitestJson(run: ScratchRun): Promise<JsonReport> {
  const out = await vitestOutput({ ...run, flags: ['--reporter', 'json', ...(run.flags ?? [])] })
  return JSON.parse(out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1)) as JsonReport
}

/** One line for each test: "passed: suite title". */
export function testLines(report: JsonReport): readonly string[] {
  return report.testResults.flatMap((file) => file.assertionResults.map((test) => `${test.status}: ${test.fullName}`))
}

/** The messages of all failures. */
export function failureText(report: JsonReport): string {
  return report.testResults.flatMap((file) => file.assertionResults.flatMap((test) => test.failureMessages ?? [])).join('\n')
}
