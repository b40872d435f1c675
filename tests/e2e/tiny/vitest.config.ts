/** @file The tiny suite as a vitest project of its own. */
import { defineConfig } from 'vitest/config'
import { suitesProject } from '../../../src/vitest/index.ts'

const directory = process.env['TINY_REPORTS'] ?? 'reports'

export default defineConfig({
  test: { projects: [suitesProject({ include: ['tests/e2e/tiny/*.suite.ts'], run: { directory } })] },
})
