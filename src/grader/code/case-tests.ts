/**
 * @file The tests of a case's code: from the grader's settings, else from the case's expected answer. What is malformed is said here; nothing is run.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { JsonValue } from '../../base/json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { CodeTest, CodeTests } from './code-results.ts'

/** Input and expected value of a function: `args` is the list of arguments, `input` the only argument. */
export interface InputOutput {
  readonly args?: readonly JsonValue[]
  readonly input?: JsonValue
  readonly expected: JsonValue
}

/** Tests as people write them: the text of a test program, or a list of assertions and input-output pairs. */
export type TestSource = string | readonly (string | InputOutput)[]

type JsonObject = Readonly<Record<string, JsonValue>>

const FORMS = 'tests are a program, or a list of assertions and of { args, expected }'

/** The tests of an expected answer, which may also be `{ tests, entry }`; or in words what is wrong with them. */
export function caseTests(
  expected: JsonValue,
  options: { readonly tests?: TestSource | undefined; readonly entry?: string | undefined },
): CodeTests | string {
  const own = options.tests === undefined && isObject(expected) ? expected : null
  const unknown = own === null ? undefined : Object.keys(own).find((key) => !['tests', 'entry', 'entry_point'].includes(key))
  if (unknown !== undefined) return `${FORMS}, or an object { tests, entry }; it has ${quoteUntrusted(unknown)}`
  const source: unknown = options.tests ?? (own === null ? expected : own['tests'])
  const named = options.entry ?? own?.['entry'] ?? own?.['entry_point'] ?? null
  if (named !== null && (typeof named !== 'string' || !/^[A-Za-z_$][\w$]{0,99}$/.test(named)))
    return `the entry ${quoteUntrusted(typeof named === 'string' ? named : JSON.stringify(named))} is no name of a function`
  if (typeof source === 'string') return source.trim() === '' ? 'the tests are empty' : { entry: named, program: source, list: [] }
  if (!Array.isArray(source)) return FORMS
  const list = (source as readonly unknown[]).map((test) => testOf(test, options.tests === undefined))
  const wrong = list.findIndex((test) => typeof test === 'string')
  if (wrong >= 0) return `test ${wrong + 1} ${list[wrong] as string}`
  return list.length === 0 ? 'the tests are empty' : { entry: named, program: null, list: list as CodeTest[] }
}

const INPUTS = ['args', 'input']
const OUTPUTS = ['expected', 'output']

/** One test; a text says what is wrong with it. `isRead`: it may come from a case file, which gives numbers beyond 2^53 as text. */
function testOf(test: unknown, isRead: boolean): CodeTest | string {
  if (typeof test === 'string') return test.trim() === '' ? 'is empty' : { kind: 'source', source: test }
  if (!isObject(test)) return 'is neither an assertion nor { args, expected }'
  const keys = Object.keys(test)
  const unknown = keys.find((key) => ![...INPUTS, ...OUTPUTS].includes(key))
  if (unknown !== undefined) return `has the member ${quoteUntrusted(unknown)}, which is none of args, input, expected`
  const [input, ...inputs] = keys.filter((key) => INPUTS.includes(key))
  const [output, ...outputs] = keys.filter((key) => OUTPUTS.includes(key))
  if (input === undefined || output === undefined || inputs.length + outputs.length > 0)
    return 'needs either args or input, and one expected value'
  const args: unknown = input === 'args' ? test['args'] : [test['input']]
  if (!Array.isArray(args)) return 'has args that are no list: for a single argument write input'
  const rounded = find(
    [args, test[output]],
    (value) => typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value),
  )
  if (rounded !== undefined) return `has the number ${String(rounded)}, which JavaScript rounds: ${AS_ASSERTION}`
  const digits = isRead ? find([args, test[output]], (value) => typeof value === 'string' && isLongNumber(value)) : undefined
  if (digits !== undefined)
    return `has ${quoteUntrusted(String(digits))}, which may be meant as a number that JavaScript would round or as a text: ${AS_ASSERTION}`
  return { kind: 'pair', argsJson: JSON.stringify(args), expectedJson: JSON.stringify(test[output]) }
}

const AS_ASSERTION = 'write the test as an assertion'

/** The first value at any depth for which something holds. */
function find(value: unknown, holds: (value: string | number) => boolean): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return holds(value) ? value : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const member of Object.values(value)) {
    const found = find(member, holds)
    if (found !== undefined) return found
  }
  return undefined
}

function isLongNumber(text: string): boolean {
  return (
    /^-?\d[\d.eE+-]{2,}$/.test(text) &&
    /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) &&
    typeof parseExactJson(text) === 'string'
  )
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
