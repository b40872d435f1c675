/**
 * @file The tests of this repository, and the example app's suites beside them. `unit` answers in minutes; `real` starts processes, Python, browsers and
 * sshd, and tunes models.
 */
import { mkdtempSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config'
import { holdfastProjects } from './src/vitest/index.ts'

/** Evals and suites import `holdfast` as users do. Unit tests see the source, so that a forgotten build cannot hide a change. */
const holdfast = [
  { find: /^holdfast$/, replacement: fileURLToPath(new URL('./src/index.ts', import.meta.url)) },
  { find: /^holdfast\/run$/, replacement: fileURLToPath(new URL('./src/run.ts', import.meta.url)) },
]

const REAL = 'tests/**/*.real.test.ts'

export default defineConfig({
  test: {
    // One core would be left alone otherwise.
    maxWorkers: availableParallelism(),
    projects: [
      ownTests({ name: 'unit', include: ['tests/**/*.test.ts'], exclude: [REAL], isolate: false, testTimeoutMs: 60_000 }),
      // Generous, because these start processes and machines are shared; a test that hangs still ends.
      ownTests({ name: 'real', include: [REAL], exclude: [], isolate: true, testTimeoutMs: 240_000 }),
      ...holdfastProjects({ model: 'models/nano' }),
    ],
  },
})

interface OwnTests {
  readonly name: string
  readonly include: string[]
  readonly exclude: string[]
  /** Whether every file has a process of its own: without, modules are loaded once and the same files take about half of the processor's time. */
  readonly isolate: boolean
  readonly testTimeoutMs: number
}

function ownTests({ name, include, exclude, isolate, testTimeoutMs }: OwnTests): UserWorkspaceConfig {
  return {
    resolve: { alias: holdfast },
    test: {
      ...{ name, include, exclude, isolate, testTimeout: testTimeoutMs, hookTimeout: testTimeoutMs },
      // Completions of tests stay out of the user's own cache, and old ones out of the tests.
      env: { HOLDFAST_COMPLETIONS: mkdtempSync(join(tmpdir(), 'holdfast-completions-')) },
    },
  }
}
