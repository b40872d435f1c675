/**
 * @file A made-up run for looking at the display in a terminal: `npx tsx tests/cli/demo-run.ts`. Not a test.
 */
import { setTimeout } from 'node:timers/promises'
import { resultBlock } from '../../src/cli/format-result.ts'
import type { RoundFinished } from '../../src/cli/format-result.ts'
import { createRunDisplay } from '../../src/cli/progress/run-display.ts'
import { demoEvents, demoHeader } from './demo-events.ts'

const display = createRunDisplay(process.stdout)
const finished: RoundFinished[] = []
for (const event of demoEvents()) {
  if (event.type === 'round-finished') finished.push(event)
  display.onEvent(event)
  await setTimeout(60)
}
display.finish()
process.stdout.write(
  `${resultBlock({ header: demoHeader, rounds: finished, warnings: [], directory: 'reports/demo', reportPath: 'reports/demo/report.html' })}\n`,
)
