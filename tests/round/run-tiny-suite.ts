/** @file Program: runs or resumes the tiny suite. Arguments: model directory, reports directory, run name, "resume" or "new". */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runSuite } from '../../src/round/run-suite.ts'
import { tinySuite } from './tiny-suite.ts'

const [model = '', reports = '', runName = '', mode = 'new'] = process.argv.slice(2)
const suiteFile = new URL('./tiny-suite.ts', import.meta.url).pathname
const resume = mode === 'resume' && existsSync(join(reports, runName, 'plan.json')) ? runName : false
const result = await runSuite({
  suite: tinySuite(model, { hacking: 'unguarded' }),
  suiteFile,
  directory: reports,
  runName,
  resume,
  threads: 1,
})
process.stdout.write(`exit ${result.exitCode}\n`)
