/** @file A project as a user would have it: tests of their own, evals, suites, all side by side. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { holdfastProjects } from '../../../src/vitest/index.ts'

const alias = [{ find: /^holdfast$/, replacement: fileURLToPath(new URL('../light-holdfast.ts', import.meta.url)) }]
const directory = process.env['EVALS_PROJECT_REPORTS'] ?? 'reports'
const model = process.env['EVALS_PROJECT_MODEL']
const when = process.env['EVALS_PROJECT_WHEN'] === 'named' ? 'named' : 'always'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/**/*.spec.ts'] } },
      ...holdfastProjects({ directory, when, ...(model === undefined ? {} : { model }) }).map((project) => ({
        resolve: { alias },
        ...project,
      })),
    ],
  },
})
