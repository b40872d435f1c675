/**
 * @file Brings a candidate's Python code and its tests together: each has a process of its own, this file carries calls and answers between them.
 * Verdicts are taken from the process of the tests only.
 */
import type { CodeTests, TestedCode, TestOutcome } from './code-results.ts'
import { judgedTests, readAttempt, testOutcome } from './judge-tests.ts'
import { noPython, PYTHON_START_MS, unavailable } from './python-grade.ts'
import { findInterpreter, interpreterName, programText, PythonProcess } from './python-process.ts'
import type { PythonLimits, PythonMessage } from './python-process.ts'

/** A candidate's code and its tests. */
export interface PythonTestsJob {
  readonly code: string
  readonly tests: CodeTests
  readonly python: string | undefined
  /** For all tests together, starts of the interpreter aside; loading the code and each test may take a quarter of it. */
  readonly timeoutMs: number
  readonly limits: PythonLimits
}

/** The verdicts, or why there are none. It never rejects. */
export async function testInPython(job: PythonTestsJob): Promise<TestedCode> {
  const interpreter = await findInterpreter(interpreterName(job.python))
  if (interpreter === null) return without('PYTHON_MISSING', noPython(job.python))
  const pair = new ProcessPair(interpreter, job)
  try {
    return await pair.run()
  } finally {
    pair.kill()
  }
}

function without(code: string, message: string): TestedCode {
  return { compiles: false, tests: [], problem: { code, message } }
}

interface Loaded {
  readonly compiles: boolean
  readonly failure: string | null
  readonly names: readonly unknown[]
}

interface Run {
  readonly tester: PythonProcess
  readonly loaded: Loaded
  readonly outcomes: TestOutcome[]
  readonly names: readonly string[]
  readonly asked: boolean
}

const TESTER = ['sandbox_remote', 'sandbox_assertions', 'sandbox_styles', 'sandbox_pytest', 'sandbox_tester']

class ProcessPair {
  readonly #interpreter: string
  readonly #job: PythonTestsJob
  #candidate: PythonProcess | null = null
  #tester: PythonProcess | null = null
  /** Why what the candidate's process says does not count. */
  #failure: string | null = null
  #unavailable: string | null = null

  constructor(interpreter: string, job: PythonTestsJob) {
    this.#interpreter = interpreter
    this.#job = job
  }

  kill(): void {
    this.#candidate?.kill()
    this.#tester?.kill()
  }

  async run(): Promise<TestedCode> {
    const loaded = await this.#load()
    if (this.#unavailable !== null) return without('SANDBOX_UNAVAILABLE', unavailable(this.#unavailable))
    const tester = new PythonProcess(this.#interpreter, programText('sandbox_confine', 'sandbox_values', ...TESTER))
    this.#tester = tester
    const { limits, tests, timeoutMs } = this.#job
    tester.say({ limits, entry: tests.entry, program: tests.program, list: tests.list, names: loaded.names })
    const declared = await this.#carry(tester, 'tests', performance.now() + PYTHON_START_MS + timeoutMs / 4)
    if (declared === null)
      return { compiles: loaded.compiles, tests: [failed('program', this.#failure ?? 'the tests did not start')], problem: null }
    const whole = readAttempt(declared)
    if (whole.unusable !== null) return without('TESTS_UNUSABLE', whole.unusable)
    const outcomes = this.#failure === null && whole.error === null ? [] : [testOutcome('program', whole, this.#failure)]
    return this.#runTests({ tester, loaded, outcomes, asked: whole.asked, names: declared['names'] as readonly string[] })
  }

  async #runTests({ tester, loaded, outcomes, names, ...run }: Run): Promise<TestedCode> {
    const { timeoutMs } = this.#job
    const endsMs = performance.now() + timeoutMs
    let { asked } = run
    for (const [index, given] of names.entries()) {
      const name = given === '' ? `test ${index + 1}` : given
      if (performance.now() > endsMs) {
        outcomes.push(failed(name, 'not run: the tests before it took all the time'))
        continue
      }
      tester.say({ t: 'run', index })
      const done = await this.#carry(tester, 'done', performance.now() + timeoutMs / 4)
      const attempt = done === null ? null : readAttempt(done)
      if (attempt !== null && attempt.unusable !== null && this.#failure === null) return without('TESTS_UNUSABLE', attempt.unusable)
      asked ||= attempt?.asked === true
      // A failure of the candidate's process overrules what a test says: the test may have caught it.
      outcomes.push(attempt === null ? failed(name, this.#failure ?? 'it took too long') : testOutcome(name, attempt, this.#failure))
      if (this.#failure !== null && loaded.failure === null) await this.#load()
    }
    return judgedTests({ compiles: loaded.compiles, outcomes, asked })
  }

  /** A process with the candidate's code in it. */
  async #load(): Promise<Loaded> {
    this.#candidate?.kill()
    this.#failure = null
    const candidate = new PythonProcess(this.#interpreter, programText('sandbox_confine', 'sandbox_values', 'sandbox_candidate'))
    this.#candidate = candidate
    candidate.say({ limits: this.#job.limits, source: this.#job.code })
    const ready = await candidate.hear(performance.now() + PYTHON_START_MS)
    if (ready?.['t'] === 'unavailable') this.#unavailable = String(ready['message'])
    const message = ready?.['t'] === 'confined' ? await candidate.hear(performance.now() + this.#job.timeoutMs / 4) : null
    if (message?.['t'] !== 'loaded') this.#failure = 'the code ended its process or took too long to load'
    else if (typeof message['failure'] === 'string') this.#failure = message['failure'].slice(0, 300)
    const names = Array.isArray(message?.['names']) ? (message['names'] as readonly unknown[]) : []
    return { compiles: message === null || message['compiles'] === true, failure: this.#failure, names }
  }

  /** Carries messages until the process of the tests says `until`; null when it does not in time. */
  async #carry(tester: PythonProcess, until: string, atMs: number): Promise<PythonMessage> {
    for (;;) {
      // The tests get a moment more than the candidate, to say that it was late.
      const asked = await tester.hear(atMs + 500)
      if (asked === null || asked['t'] === until) return asked
      if (asked['t'] === 'call' || asked['t'] === 'return' || asked['t'] === 'raise') tester.say(await this.#answer(asked, atMs))
    }
  }

  async #answer(asked: NonNullable<PythonMessage>, atMs: number): Promise<unknown> {
    if (this.#failure === null) {
      this.#candidate?.say(asked)
      const reply = (await this.#candidate?.hear(atMs)) ?? null
      if (reply !== null && ['call', 'return', 'raise'].includes(String(reply['t']))) return reply
      this.#failure = this.#candidate?.wasLate === true ? 'the code took too long' : 'the code ended its process'
    }
    return { t: 'raise', name: 'RuntimeError', message: this.#failure }
  }
}

function failed(name: string, error: string): TestOutcome {
  return { name, passed: false, error }
}
