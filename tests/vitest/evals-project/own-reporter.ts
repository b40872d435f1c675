/** @file A reporter of the user's own. */
import type { Reporter, TestModule } from 'vitest/node'

class OwnReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = modules.reduce((sum, module) => sum + [...module.children.allTests()].length, 0)
    console.log(`own reporter: ${count} tests`)
  }
}

export default OwnReporter
