/**
 * @file The tests that `npm run mutate` runs: those of the folder that is being changed, without processes, real training and simulations. What only such
 * a test would notice counts as unnoticed.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const folder = process.env['HOLDFAST_MUTATE'] ?? 'stats'
const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^holdfast$/, replacement: `${root}src/index.ts` },
      { find: /^holdfast\/run$/, replacement: `${root}src/run.ts` },
    ],
  },
  test: {
    include: [`tests/${folder}/**/*.test.ts`],
    exclude: ['tests/**/*.real.test.ts', 'tests/**/*-simulated.test.ts'],
    testTimeout: 60_000,
  },
})
