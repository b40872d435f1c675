import { expect, it } from 'vitest'
import type { RunResult } from '../../src/round/run-suite.ts'
import { SuiteNotAcceptedError } from '../../src/vitest/errors.ts'

it('SuiteNotAcceptedError says what the run found and where to read more', () => {
  const result = {
    directory: 'reports/demo',
    exitCode: 1,
    header: { summary: 'BLOCKED: "refill" was blocked in every candidate arm' },
  } as RunResult
  expect(new SuiteNotAcceptedError(result).message).toMatchInlineSnapshot(`
    "SUITE_NOT_ACCEPTED  BLOCKED: "refill" was blocked in every candidate arm
      where  reports/demo
      fix    read reports/demo/report.html"
  `)
})
