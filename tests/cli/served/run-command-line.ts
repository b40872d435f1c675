/**
 * @file A process that runs the command line from its source, to be killed by a test.
 */
import { main } from '../../../src/cli/main.ts'

process.exitCode = await main(process.argv.slice(2))
