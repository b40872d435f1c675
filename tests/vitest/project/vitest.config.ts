/** @file A project as a user would have it, with one suite that cannot run: its base model does not exist. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { suitesProject } from '../../../src/vitest/index.ts'

const directory = process.env['PROJECT_REPORTS'] ?? 'reports'

export default defineConfig({
  resolve: { alias: [{ find: /^holdfast$/, replacement: fileURLToPath(new URL('../light-holdfast.ts', import.meta.url)) }] },
  test: { projects: [{ extends: true, ...suitesProject({ run: { directory } }) }] },
})
