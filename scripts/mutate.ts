/**
 * @file Mutation testing: changes the code of a folder a little at a time and counts the changes that no test of that folder notices.
 * Run: npm run mutate -- stats (folders, or files in them such as stats/holm.ts; all of FOLDERS otherwise). Prints every survivor and a score; it is no
 * part of CI, because a folder takes from minutes to hours.
 */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Stryker } from '@stryker-mutator/core'

/** Where a wrong number or a lost record does the most harm. */
const FOLDERS = ['stats', 'gate', 'method', 'ledger', 'grader/answer']
const TEMPORARY = '.holdfast/mutations'

const asked = process.argv.slice(2)
const unknown = asked.filter((target) => folderOf(target) === undefined)
if (unknown.length > 0) {
  process.stderr.write(`nothing to change at ${unknown.join(', ')}; there are ${FOLDERS.join(', ')}, and files in them\n`)
  process.exit(1)
}

const lines: string[] = []
for (const target of asked.length === 0 ? FOLDERS : asked) {
  // Read by mutate-tests.ts, in Stryker's processes.
  process.env['HOLDFAST_MUTATE'] = folderOf(target) ?? target
  const results = await new Stryker({
    mutate: [target.endsWith('.ts') ? `src/${target}` : `src/${target}/**/*.ts`],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutate-tests.ts', related: false },
    reporters: ['clear-text'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    // Changed words of a message are not changed behaviour; texts have tests of their own.
    mutator: { excludedMutations: ['StringLiteral'] },
    ignorePatterns: ['dist', 'reports', 'docs', 'bench', 'coverage', '.holdfast'],
    // Stryker would read it with TypeScript's compiler API, which TypeScript 7 does not have.
    tsconfigFile: 'no-tsconfig.json',
    tempDirName: TEMPORARY,
    coverageAnalysis: 'perTest',
    // Beside what the tests of a change took unchanged, half as much again: a change that never ends is stopped after that.
    timeoutMS: 10_000,
    timeoutFactor: 1.5,
    // One core is left to whoever waits.
    concurrency: Math.max(1, availableParallelism() - 1),
    incremental: false,
    allowEmpty: false,
  }).runMutationTest()
  const count = (...statuses: readonly string[]): number => results.filter(({ status }) => statuses.includes(status)).length
  const [noticed, unnoticed] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')]
  lines.push(`${target}: ${((100 * noticed) / (noticed + unnoticed)).toFixed(1)} % of ${noticed + unnoticed} changes noticed`)
}
rmSync(TEMPORARY, { recursive: true, force: true })
process.stdout.write(`${lines.join('\n')}\n`)

function folderOf(target: string): string | undefined {
  return FOLDERS.find((folder) => target === folder || (target.startsWith(`${folder}/`) && target.endsWith('.ts')))
}
