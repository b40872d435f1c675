/** @file The tests of this repository, and the example app's suites beside them. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { holdfastProjects } from './src/vitest/index.ts'

/** Evals and suites import `holdfast` as users do. Unit tests see the source, so that a forgotten build cannot hide a change. */
const holdfast = { find: /^holdfast$/, replacement: fileURLToPath(new URL('./src/index.ts', import.meta.url)) }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: [holdfast] },
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          // Generous, because some tests start processes and machines are shared; a test that hangs still ends.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // Completions of tests stay out of the user's own cache, and old ones out of the tests.
          env: { HOLDFAST_COMPLETIONS: mkdtempSync(join(tmpdir(), 'holdfast-completions-')) },
        },
      },
      ...holdfastProjects({ model: 'models/nano' }),
    ],
  },
})
