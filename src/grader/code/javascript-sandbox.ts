/**
 * @file Runs jobs in the sandbox thread, one after another, and kills the thread when one does not end in time: some work of an interpreter
 * (a product of two numbers with a million digits) cannot be interrupted from within.
 */
import { Worker } from 'node:worker_threads'
import type { CodeProblem, ProgramVerdict, TestedCode } from './code-results.ts'
import type { GradeJob, TestsJob } from './javascript-jobs.ts'
import type { SandboxJob, SandboxReply } from './javascript-worker.ts'

/** What a thread may take beyond a job's own limit before it is killed: a test that was started at the end of the time has a quarter more. */
const GRACE_MS = 1000
const START_MS = 30_000
const HEAP_MB = 256

/** The verdict of a grading program. It never rejects. */
export async function gradeInSandbox(job: GradeJob): Promise<ProgramVerdict> {
  const ended = await enqueue(job)
  return 'problem' in ended ? ended : (ended.result as ProgramVerdict)
}

/** A candidate's code with its tests. It never rejects: code that had to be killed passes none of them. */
export async function testInSandbox(job: TestsJob): Promise<TestedCode> {
  const ended = await enqueue(job)
  if (!('problem' in ended)) return ended.result as TestedCode
  if (ended.problem.code === 'SANDBOX_UNAVAILABLE') return { compiles: false, tests: [], problem: ended.problem }
  return { compiles: true, tests: [{ name: 'program', passed: false, error: ended.problem.message }], problem: null }
}

type Ended = { readonly result: unknown } | { readonly problem: CodeProblem }

let queue: Promise<unknown> = Promise.resolve()
let thread: Promise<Worker> | null = null

function enqueue(job: SandboxJob): Promise<Ended> {
  const ended = queue.then(() => runJob(job))
  queue = ended
  return ended
}

async function runJob(job: SandboxJob): Promise<Ended> {
  thread ??= startThread()
  const worker = await thread.catch((error: unknown) => error as Error)
  if (worker instanceof Error) {
    thread = null
    return { problem: { code: 'SANDBOX_UNAVAILABLE', message: `the sandbox's thread did not start: ${worker.message}` } }
  }
  const ended = await answerOf(worker, job)
  if ('problem' in ended) {
    thread = null
    await worker.terminate()
  } else worker.unref()
  return ended
}

function answerOf(worker: Worker, job: SandboxJob): Promise<Ended> {
  worker.ref()
  return new Promise((resolve) => {
    const fail = (code: string, message: string): void => end({ problem: { code, message } })
    const onMessage = (reply: SandboxReply): void => {
      if ('result' in reply) end(reply)
      else if ('broken' in reply) fail('SANDBOX_BROKE', `the interpreter failed: ${reply.broken}`)
    }
    const onError = (error: Error): void => fail('SANDBOX_BROKE', `the sandbox's thread failed: ${error.message}`)
    const onExit = (code: number): void => fail('SANDBOX_BROKE', `the sandbox's thread ended with code ${code}`)
    const limitMs = job.timeoutMs * 1.75 + GRACE_MS
    const timer = setTimeout(() => fail('CODE_TIMED_OUT', `it did not end within ${job.timeoutMs} ms and was killed`), limitMs)
    const end = (ended: Ended): void => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      resolve(ended)
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(job)
  })
}

/** A thread without environment variables. Its start does not count as a job's time. */
function startThread(): Promise<Worker> {
  const options = { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } }
  const worker = import.meta.url.endsWith('.ts')
    ? sourceThread(options)
    : new Worker(new URL('./javascript-worker.js', import.meta.url), options)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it did not start in time')), START_MS)
    // Stays: an unheard error of a dying thread would end the process.
    worker.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    worker.once('message', () => {
      clearTimeout(timer)
      resolve(worker)
    })
  })
}

/** Node 20 cannot start TypeScript by itself: from source a few lines of JavaScript bring the loader into the thread first. */
function sourceThread(options: ConstructorParameters<typeof Worker>[1]): Worker {
  const [loader, script] = [import.meta.resolve('tsx/esm/api'), new URL('./javascript-worker.ts', import.meta.url).href]
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(script)}) })`
  return new Worker(start, { ...options, eval: true })
}
