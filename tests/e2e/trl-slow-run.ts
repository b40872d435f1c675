/**
 * @file Program: runs or resumes the slow suite and tells its progress. Argument: the settings below as JSON. All runs that are compared are made by it,
 * because a grader's hash is one of its text, which each loader of TypeScript writes in its own way.
 */
import { isHoldfastError } from '../../src/base/errors.ts'
import { runSuite } from '../../src/round/run-suite.ts'
import { slowSuite } from './trl-tiny-suite.ts'

/** What the program is told. */
export interface SlowRun {
  readonly python: string
  /** Folder of runs. */
  readonly directory: string
  readonly runName: string
  readonly resume: boolean
  /** How many arms at a time. */
  readonly places: 1 | 2
  /** The step of the grpo arm after which it stops as by Ctrl+C. */
  readonly interruptAt?: number
}

const { python, directory, runName, resume, places, interruptAt } = JSON.parse(process.argv[2] ?? '') as SlowRun
const controller = new AbortController()
try {
  const result = await runSuite({
    suite: slowSuite({ python, devices: places === 1 ? ['cpu'] : ['cpu', 'cpu'] }),
    suiteFile: new URL('./trl-tiny-suite.ts', import.meta.url).pathname,
    ...{ directory, runName, resume: resume && runName, signal: controller.signal },
    onEvent: (event) => {
      if (event.type !== 'progress' || event.phase !== 'training') return
      process.stdout.write(`${event.arm} ${event.done}\n`)
      if (event.arm === 'grpo' && event.done >= (interruptAt ?? Infinity)) controller.abort()
    },
  })
  process.stdout.write(`exit ${result.exitCode}\n`)
} catch (error) {
  if (!isHoldfastError(error)) throw error
  process.stdout.write(`${error.message}\n`)
}
