/* oxlint-disable import/no-default-export -- vitest asks for a reporter that is named by path as a default export */
/**
 * @file The entry `holdfast/vitest/reporter`: the reporter under the name by which vitest's `reporters` can ask for it.
 */
import { HoldfastReporter } from './report/holdfast-reporter.ts'

export default HoldfastReporter
