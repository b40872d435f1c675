/**
 * @file Grader "runs-tests": the completion is code that passes tests. Code and tests run in sandboxes apart from each other, so that code cannot
 * say of itself that it passed.
 */
import { hashJson } from '../base/hash.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import { caseTests } from './code/case-tests.ts'
import type { CodeProblem, CodeTests, TestedCode } from './code/code-results.ts'
import { GraderOptionsError } from './errors.ts'
import { extractCode } from './code/extract-code.ts'
import { checkRunsTestsOptions } from './options/runs-tests-options.ts'
import type { RunsTestsOptions } from './options/runs-tests-options.ts'
import { gradeOf, ungraded, unusableGold } from './grade-result.ts'
import type { GraderCard } from './grader-card.ts'

const QUEUE_MS = 120_000
const TESTS_FIX = "give tests like ['assert(add(1, 2) === 3)', { args: [2, 2], expected: 4 }], or the text of a test program"
const PARTS_AT_MOST = 100

/**
 * Reward is the share of tests that pass; null, with TESTS_ASSERT_NOTHING, where one of them asserts nothing, and with TESTS_UNUSABLE where they cannot
 * be run. Parts are "compiles" and one for each test. Code that does not end in time fails that test.
 * Profile `reward`: the whole answer is code, or one fenced block with nothing around it. Profile `eval`: else the last fenced block counts.
 * @throws GraderOptionsError for malformed `tests`; those of a case are an error when its eval is loaded
 */
export function runsTests(options: RunsTestsOptions): Grader {
  checkRunsTestsOptions(options)
  const { language, timeoutMs = 8000, entry = null, tests = null, packages = false } = options
  const memoryMb = options.memoryMb ?? (language === 'python' ? 1024 : 64)
  const problem = options.tests === undefined ? null : caseTests(null, options)
  if (typeof problem === 'string') throw new GraderOptionsError({ grader: 'runsTests', problem, fix: TESTS_FIX })
  return builtIn({
    name: options.name ?? 'runs-tests',
    kind: 'runs-tests',
    version: 3,
    settings: { language, tests: tests === null ? null : hashJson(tests), entry, timeoutMs, memoryMb, packages },
    weight: options.weight,
    timeoutMs: timeoutMs * 2 + QUEUE_MS,
    expectedProblem(expected) {
      const tests = caseTests(expected, options)
      return typeof tests === 'string' ? tests : null
    },
    traits: { expectsAnswer: () => false },
    async grade(input) {
      const wanted = caseTests(input.case.expected, options)
      if (typeof wanted === 'string') return unusableGold(`usable tests: ${wanted}`)
      const found = findCode(input)
      if (found === null) return gradeOf(0, { formatValid: false, subRewards: { compiles: 0 } })
      const job = { code: found.code, tests: wanted, timeoutMs, memoryMb }
      return gradeOfTests(await (language === 'python' ? inPython(job, options) : inJavaScript(job)), found.rule)
    },
  })
}

interface Job {
  readonly code: string
  readonly tests: CodeTests
  readonly timeoutMs: number
  readonly memoryMb: number
}

// Sandboxes are loaded for the first code that runs.
async function inJavaScript(job: Job): Promise<TestedCode> {
  const { testInSandbox } = await import('./code/javascript-sandbox.ts')
  return testInSandbox({ kind: 'tests', ...job })
}

async function inPython(job: Job, { python, packages = false, sandbox }: RunsTestsOptions): Promise<TestedCode> {
  const { testInPython } = await import('./code/python-tests.ts')
  const confined = sandbox !== 'none-i-trust-this-code'
  // Processor time of one process, whose tests may each take a quarter of the time: the clock decides first.
  const limits = { memoryMb: job.memoryMb, cpuSeconds: Math.ceil((job.timeoutMs * 2) / 1000) + 2, packages, confined }
  return testInPython({ ...job, python, limits })
}

function findCode(input: GradeInput): { readonly code: string; readonly rule: string } | null {
  const text = answerText(input)
  const found = text === null ? null : extractCode(text, input.profile === 'eval')
  return found === null || found.code.trim() === '' ? null : found
}

function gradeOfTests({ compiles, tests, problem }: TestedCode, rule: string): Grade {
  if (problem !== null) return ungraded(problem.code, messageOf(problem))
  const parts = tests.slice(0, PARTS_AT_MOST).map(({ name, passed }, index) => [partName(name, index, tests), passed ? 1 : 0] as const)
  const passed = tests.filter((test) => test.passed === true).length
  return gradeOf(compiles && tests.length > 0 ? passed / tests.length : 0, {
    subRewards: { compiles: compiles ? 1 : 0, ...Object.fromEntries(parts) },
    formatValid: compiles,
    extractionRule: rule,
  })
}

function messageOf({ code, message }: CodeProblem): string {
  if (code === 'TESTS_UNUSABLE') return `the tests cannot be run: ${quoteUntrusted(message, 200)}`
  if (code !== 'TESTS_ASSERT_NOTHING') return message
  return `nothing was asserted, so nothing is known: ${quoteUntrusted(message, 200)}; say with an assertion what must be so`
}

/** Names that stand twice are told apart by their number. */
function partName(name: string, index: number, tests: TestedCode['tests']): string {
  const clean = quoteUntrusted(name, 60).slice(1, -1)
  return tests.findIndex((test) => test.name === name) === index && name !== 'compiles' ? clean : `${clean} (${index + 1})`
}

export const runsTestsCard: GraderCard<typeof runsTests> = {
  make: runsTests,
  family: 'code',
  compares: 'code by its tests',
  expected: 'tests, or `{ tests, entry }`',
  rewardDemands: 'code or one fenced block, nothing around it',
  partialCredit: 'per test',
  example: null,
}
