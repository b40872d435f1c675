/**
 * @file Runs a Python grading program once, in a process of its own: what one grade left behind cannot reach the next.
 */
import type { ProgramVerdict } from './code-results.ts'
import { findInterpreter, interpreterName, programText, PythonProcess } from './python-process.ts'
import type { PythonLimits } from './python-process.ts'

/** A grading program and what it grades, as JSON texts. */
export interface PythonGradeJob {
  readonly source: string
  readonly sampleJson: string
  readonly itemJson: string
  readonly python: string | undefined
  readonly timeoutMs: number
  readonly limits: PythonLimits
}

/** How long an interpreter may take to start on a busy machine, besides the time of its program. */
export const PYTHON_START_MS = 10_000

/** The verdict of a grading program, or why there is none. It never rejects. */
export async function gradeInPython(job: PythonGradeJob): Promise<ProgramVerdict> {
  const interpreter = await findInterpreter(interpreterName(job.python))
  if (interpreter === null) return problem('PYTHON_MISSING', noPython(job.python))
  const process = new PythonProcess(interpreter, programText('sandbox_confine', 'sandbox_grade'))
  const endsMs = performance.now() + job.timeoutMs + PYTHON_START_MS
  try {
    process.say({ limits: job.limits })
    const ready = await process.hear(endsMs)
    if (ready === null) return problem('SANDBOX_BROKE', 'the process of Python did not start')
    if (typeof ready['unavailable'] === 'string') return problem('SANDBOX_UNAVAILABLE', unavailable(ready['unavailable']))
    process.say({ source: job.source, sample: job.sampleJson, item: job.itemJson })
    const reply = await process.hear(performance.now() + job.timeoutMs)
    if (reply === null && process.wasLate) return problem('CODE_TIMED_OUT', `it was stopped after ${job.timeoutMs} ms`)
    if (reply === null) return problem('GRADER_CODE_THREW', 'its process ended without a verdict')
    return typeof reply['error'] === 'string' ? problem('GRADER_CODE_THREW', reply['error']) : { value: reply['value'] }
  } finally {
    process.kill()
  }
}

/** Why nothing runs where the system cannot confine code, with the way out. */
export function unavailable(reason: string): string {
  return `this system cannot confine Python code (${reason}); run on Linux with Landlock and seccomp, or set sandbox: 'none-i-trust-this-code'`
}

/** What to do without an interpreter. */
export function noPython(given: string | undefined): string {
  return `there is no Python interpreter ${JSON.stringify(interpreterName(given))}; install Python 3, set HOLDFAST_PYTHON or name one with "python"`
}

function problem(code: string, message: string): ProgramVerdict {
  return { problem: { code, message } }
}
