/**
 * @file The thread in which untrusted JavaScript runs: code that never ends holds up nobody, and the thread can be killed.
 */
import { parentPort } from 'node:worker_threads'
import { runGradeJob, runTestsJob } from './javascript-jobs.ts'
import { loadInterpreter } from './quickjs-realm.ts'
import type { GradeJob, TestsJob } from './javascript-jobs.ts'

/** A job as the thread receives it. */
export type SandboxJob = GradeJob | TestsJob

/** What the thread answers: the job's result, or that the interpreter itself failed. */
export type SandboxReply = { readonly ready: true } | { readonly result: unknown } | { readonly broken: string }

async function reply(job: SandboxJob): Promise<SandboxReply> {
  try {
    return { result: job.kind === 'grade' ? await runGradeJob(job) : await runTestsJob(job) }
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (job: SandboxJob) => void reply(job).then((answer) => parentPort?.postMessage(answer)))
await loadInterpreter()
parentPort?.postMessage({ ready: true })
