/**
 * @file The two things that are done with JavaScript in sandboxes: a grading program gives its verdict, a candidate's code meets its tests.
 * Runs in the sandbox thread only.
 */
import type { QuickJSHandle } from 'quickjs-emscripten-core'
import { CandidateSide } from './candidate-side.ts'
import type { CodeTest, CodeTests, ProgramVerdict, TestedCode, TestOutcome } from './code-results.ts'
import { GUEST_TESTS } from './guest-tests.ts'
import { judgedTests, readAttempt, testOutcome } from './judge-tests.ts'
import type { TestAttempt } from './judge-tests.ts'
import { markProgram, markStatement } from './mark-javascript.ts'
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
  return reply.error === undefined ? { value: decodedGuestValue(reply.ok) } : { error: `${reply.error.name}: ${reply.error.message}` }
}

/** Runs the tests of one candidate, each verdict reached where the candidate's code has no way in. */
export async function runTestsJob(job: TestsJob): Promise<TestedCode> {
  const tests = marked(job.tests)
  if ('syntaxError' in tests) return unusable(`the tests are no program: ${tests.syntaxError}`)
  const limits: RealmLimits = { memoryMb: job.memoryMb, deadline: { atMs: 0 } }
  const candidate = new CandidateSide(plainScript(job.code), limits)
  let asked = false
  const tester = await QuickJsRealm.open({ ...limits, isTester: true }, (text) => {
    asked = true
    return candidate.answer(text)
  })
  candidate.callBack = (text) => tester.receive(text)
  const endsMs = performance.now() + job.timeoutMs
  const nextDeadline = (): void => void (limits.deadline.atMs = performance.now() + job.timeoutMs / 4)
  await candidate.load(nextDeadline)
  nextDeadline()
  const side: TesterSide = { tester, api: tester.prepare(GUEST_TESTS), candidate }
  const whole = declareTests(side, tests)
  const shared = Number(tester.invoke('keptCount', []))
  if (whole.unusable !== null) return unusable(whole.unusable)
  nextDeadline()
  const names = JSON.parse(String(tester.invoke('names', [], side.api))) as readonly string[]
  const program = testOutcome('program', whole, candidate.failure)
  // A program that declared tests is one itself only when it fails.
  const outcomes: TestOutcome[] = tests.program === null || (names.length > 0 && program.passed !== false) ? [] : [program]
  for (const [index, given] of names.entries()) {
    const name = given === '' ? `test ${index + 1}` : given
    if (performance.now() > endsMs) {
      outcomes.push({ name, passed: false, error: 'not run: the tests before it took all the time' })
      continue
    }
    if (candidate.isSpoilt) await candidate.load(nextDeadline)
    nextDeadline()
    // Functions that an earlier test passed on are not called in a later one, where their assertions would count.
    tester.invoke('forget', [shared])
    const attempt = runTest(side, index)
    if (attempt.unusable !== null) return unusable(attempt.unusable)
    outcomes.push(testOutcome(name, attempt, candidate.failure))
  }
  return judgedTests({ compiles: candidate.syntaxError === null, outcomes, asked })
}

interface TesterSide {
  readonly tester: QuickJsRealm
  readonly api: QuickJSHandle
  readonly candidate: CandidateSide
}

function unusable(message: string): TestedCode {
  return { compiles: false, tests: [], problem: { code: 'TESTS_UNUSABLE', message } }
}

/** The tests with marks in their source. */
function marked(tests: CodeTests): CodeTests | { readonly syntaxError: string } {
  const program = tests.program === null ? null : markProgram(tests.program)
  if (program !== null && 'syntaxError' in program) return program
  const list: CodeTest[] = []
  for (const test of tests.list) {
    const statement = test.kind === 'source' ? markStatement(test.source) : null
    if (statement !== null && 'syntaxError' in statement) return statement
    list.push(statement === null ? test : { kind: 'source', source: statement.source })
  }
  return { entry: tests.entry, program: program?.source ?? null, list }
}

function runTest(side: TesterSide, index: number): TestAttempt {
  const started = side.tester.attempt('start', [index], side.api)
  side.tester.runJobs()
  return attemptOf(side, started.error)
}

/** What became of the work that was begun last. */
function attemptOf({ tester, api }: TesterSide, error: string | undefined): TestAttempt {
  if (tester.isLate()) return readAttempt({ error: 'it took too long' })
  const said = JSON.parse(String(tester.invoke('outcome', [], api))) as Readonly<Record<string, unknown>>
  return readAttempt(error === undefined ? said : { ...said, error })
}

/** Hands candidate's names and tests to the tests' sandbox, where the program of tests runs at once. */
function declareTests(side: TesterSide, tests: CodeTests): TestAttempt {
  const { tester, api, candidate } = side
  const names = candidate.names()
  // A name that would hide something of the tests' own is left out, except the one that is tested.
  for (const [name, kind] of names) if (tester.invoke('has', [name]) === false) tester.invoke('offer', [name, kind])
  if (tests.entry !== null) tester.invoke('offer', [tests.entry, 'function'])
  const entry = tests.entry ?? names.findLast(([, kind]) => kind === 'function')?.[0] ?? 'undefined'
  tester.attempt('code', [tester.stub(entry)], api)
  const declared = tests.list.map((test) =>
    test.kind === 'source'
      ? tester.attempt('statement', [test.source], api)
      : tester.attempt('pair', [tester.stub(entry), test.argsJson, test.expectedJson], api),
  )
  if (tests.program !== null) declared.push(tester.attempt('program', [tests.program], api))
  tester.runJobs()
  const wrong = declared.find(({ error }) => error?.startsWith('SyntaxError') === true)?.error
  return wrong === undefined ? attemptOf(side, undefined) : readAttempt({ unusable: `the tests are no program: ${wrong}` })
}

/** The declarations of a module as those of a script: sandboxes have no modules. */
function plainScript(source: string): string {
  const bare = source.replaceAll(/^export[ \t]*\{[^{}]*\}[ \t]*;?[ \t]*$|^export[ \t]+default[ \t]+[\w$]+[ \t]*;?[ \t]*$/gm, '')
  return bare.replaceAll(/^export[ \t]+(?:default[ \t]+)?(?=(?:async[ \t]+)?function\b|class\b|const\b|let\b|var\b)/gm, '')
}

/** Plain data from a value as the guest prelude encodes it: what has no JSON form (functions, undefined) is undefined, numbers like NaN stay numbers. */
function decodedGuestValue(encoded: unknown): unknown {
  if (!Array.isArray(encoded)) return encoded
  const [tag, body] = encoded as unknown as readonly [string, unknown]
  if (tag === 'f') return Number(body)
  if (tag === 'a' || tag === 's') return (body as readonly unknown[]).map(decodedGuestValue)
  if (tag !== 'o') return undefined
  const members = (body as readonly (readonly [string, unknown])[]).map(([key, value]) => [key, decodedGuestValue(value)] as const)
  return Object.fromEntries(members)
}
