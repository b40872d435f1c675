/**
 * @file The two things that are done with JavaScript in sandboxes: a grading program gives its verdict, a candidate's code meets its tests.
 * Runs in the sandbox thread only.
 */
import type { QuickJSHandle } from 'quickjs-emscripten-core'
import { CandidateSide } from './candidate-side.ts'
import type { CodeTests, ProgramVerdict, TestedCode, TestOutcome } from './code-results.ts'
import { plainValue } from './guest-value.ts'
import { GUEST_TESTS } from './guest-tests.ts'
import { QuickJsRealm } from './quickjs-realm.ts'
import type { RealmLimits } from './quickjs-realm.ts'

/** A grading program and what it grades, as JSON texts. */
export interface GradeJob {
  readonly kind: 'grade'
  readonly source: string
  readonly sampleJson: string
  readonly itemJson: string
  readonly inputJson: string
  readonly memoryMb: number
  readonly timeoutMs: number
}

/** A candidate's code and its tests. */
export interface TestsJob {
  readonly kind: 'tests'
  readonly code: string
  readonly tests: CodeTests
  readonly memoryMb: number
  /** For all tests together; loading the code and each test may take a quarter of it. */
  readonly timeoutMs: number
}

const CALL_GRADE = `var module = { exports: {} }, exports = module.exports
var holdfastGrade = (read => (sample, item, input) => {
  const work = typeof grade === 'function' ? grade : module.exports.grade ?? module.exports
  if (typeof work !== 'function') throw new TypeError('the source has no function "grade"')
  return work.length >= 2 ? work(read(sample), read(item)) : work(read(input))
})(JSON.parse)`

/** Runs a grading program once, in a sandbox of its own. */
export async function runGradeJob(job: GradeJob): Promise<ProgramVerdict> {
  const problem = (code: string, message: string): ProgramVerdict => ({ problem: { code, message } })
  const deadline = { atMs: 0 }
  const realm = await QuickJsRealm.open({ memoryMb: job.memoryMb, deadline }, () => '{}')
  deadline.atMs = performance.now() + job.timeoutMs
  const late = (): ProgramVerdict => problem('CODE_TIMED_OUT', `it was stopped after ${job.timeoutMs} ms`)
  realm.evaluate(CALL_GRADE)
  const loaded = realm.evaluate(plainScript(job.source))
  if (loaded.error !== undefined) return realm.isLate() ? late() : problem('GRADER_CODE_THREW', loaded.error)
  const call = JSON.stringify({ kind: 'call', name: 'holdfastGrade', args: [job.sampleJson, job.itemJson, job.inputJson] })
  try {
    const reply = readReply(realm.receive(call))
    if (realm.isLate()) return late()
    return 'error' in reply ? problem('GRADER_CODE_THREW', reply.error) : reply
  } catch (error) {
    // What is stopped cannot even say so.
    if (realm.isLate()) return late()
    throw error
  }
}

function readReply(text: string): { readonly value: unknown } | { readonly error: string } {
  const reply = JSON.parse(text) as { readonly ok?: unknown; readonly error?: { readonly name: string; readonly message: string } }
  return reply.error === undefined ? { value: plainValue(reply.ok) } : { error: `${reply.error.name}: ${reply.error.message}` }
}

/** Runs the tests of one candidate, each verdict reached where the candidate's code has no way in. */
export async function runTestsJob(job: TestsJob): Promise<TestedCode> {
  const limits: RealmLimits = { memoryMb: job.memoryMb, deadline: { atMs: 0 } }
  const candidate = new CandidateSide(plainScript(job.code), limits)
  const tester = await QuickJsRealm.open({ ...limits, isTester: true }, (text) => candidate.answer(text))
  candidate.callBack = (text) => tester.receive(text)
  const endsMs = performance.now() + job.timeoutMs
  const nextDeadline = (): void => void (limits.deadline.atMs = performance.now() + job.timeoutMs / 4)
  await candidate.load(nextDeadline)
  nextDeadline()
  const api = tester.prepare(GUEST_TESTS)
  const unusable = declareTests(tester, api, { tests: job.tests, candidate })
  if (unusable !== null) return { compiles: false, tests: [], problem: { code: 'TESTS_UNUSABLE', message: unusable } }
  nextDeadline()
  const names = JSON.parse(String(tester.invoke('names', [], api))) as readonly string[]
  const outcomes: TestOutcome[] = programOutcome(tester, api, { tests: job.tests, candidate, count: names.length })
  for (const [index, given] of names.entries()) {
    const name = given === '' ? `test ${index + 1}` : given
    if (performance.now() > endsMs) {
      outcomes.push({ name, passed: false, error: 'not run: the tests before it took all the time' })
      continue
    }
    if (candidate.isSpoilt) await candidate.load(nextDeadline)
    nextDeadline()
    outcomes.push(judged(name, runTest(tester, api, index), candidate))
  }
  return { compiles: candidate.syntaxError === null, tests: outcomes, problem: null }
}

/** What became of a program of tests as a whole: a test of its own when it declared none or did not come to its end. */
function programOutcome(
  tester: QuickJsRealm,
  api: QuickJSHandle,
  { tests, candidate, count }: { readonly tests: CodeTests; readonly candidate: CandidateSide; readonly count: number },
): TestOutcome[] {
  if (tests.program === null) return []
  const failure = String(tester.invoke('programFailure', [], api))
  const outcome = judged('program', failure === '' ? {} : { error: failure }, candidate)
  return outcome.passed && count > 0 ? [] : [outcome]
}

/** A failure of the candidate's program overrules what a test says: the test may have caught it. */
function judged(name: string, { error }: { readonly error?: string }, { failure }: CandidateSide): TestOutcome {
  const reason = failure ?? error ?? null
  return { name, passed: reason === null, error: reason }
}

function runTest(tester: QuickJsRealm, api: QuickJSHandle, index: number): { readonly error?: string } {
  const started = tester.attempt('start', [index], api)
  tester.runJobs()
  if (tester.isLate()) return { error: 'it took too long' }
  if (started.error !== undefined) return { error: started.error }
  return JSON.parse(String(tester.invoke('outcome', [index], api))) as { readonly error?: string }
}

/** Hands candidate's names and tests to the tests' sandbox; says what is wrong with the tests, null when nothing is. */
function declareTests(
  tester: QuickJsRealm,
  api: QuickJSHandle,
  { tests, candidate }: { readonly tests: CodeTests; readonly candidate: CandidateSide },
): string | null {
  const names = candidate.names()
  // A name that would hide something of the tests' own is left out, except the one that is tested.
  for (const [name, kind] of names) if (tester.invoke('has', [name]) === false) tester.invoke('offer', [name, kind])
  if (tests.entry !== null) tester.invoke('offer', [tests.entry, 'function'])
  const entry = tests.entry ?? names.findLast(([, kind]) => kind === 'function')?.[0] ?? 'undefined'
  const declared = tests.list.map((test) =>
    test.kind === 'source'
      ? tester.attempt('statement', [test.source], api)
      : tester.attempt('pair', [tester.stub(entry), test.argsJson, test.expectedJson], api),
  )
  if (tests.program !== null) declared.push(tester.attempt('program', [tests.program], api))
  tester.runJobs()
  const wrong = declared.find(({ error }) => error?.startsWith('SyntaxError') === true)?.error
  return wrong === undefined ? null : `the tests are no program: ${wrong}`
}

/** The declarations of a module as those of a script: sandboxes have no modules. */
function plainScript(source: string): string {
  return source.replaceAll(/^export[ \t]+(?:default[ \t]+)?(?=(?:async[ \t]+)?function\b|class\b|const\b|let\b|var\b)/gm, '')
}
