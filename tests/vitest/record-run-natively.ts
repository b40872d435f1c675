/** @file Records a run of the scratch project's suite outside of vitest, as the command line would. Run: node --import tsx record-run-natively.ts ROOT NAME */
import { recordNoBaseRun } from './record-no-base-run.ts'

const [root = '', name = ''] = process.argv.slice(2)
await recordNoBaseRun(root, { name, outcome: 'ACCEPTED' })
