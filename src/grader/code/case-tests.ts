/**
 * @file The tests of a case's code: from the grader's settings, else from the case's expected answer. Nothing is run here.
 */
import type { JsonValue } from '../../base/json.ts'
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

/** The tests of an expected answer, which may also be `{ tests, entry }`; null when it holds none. */
export function caseTests(
  expected: JsonValue,
  options: { readonly tests?: TestSource | undefined; readonly entry?: string | undefined },
): CodeTests | null {
  const own = isObject(expected) && 'tests' in expected ? expected : null
  const source: unknown = options.tests ?? own?.['tests'] ?? expected
  const named = own?.['entry'] ?? own?.['entry_point']
  const entry = options.entry ?? (typeof named === 'string' ? named : null)
  if (entry !== null && !/^[A-Za-z_$][\w$]{0,99}$/.test(entry)) return null
  if (typeof source === 'string') return source.trim() === '' ? null : { entry, program: source, list: [] }
  if (!Array.isArray(source) || source.length === 0) return null
  const list = source.map(testOf)
  return list.includes(null) ? null : { entry, program: null, list: list as CodeTest[] }
}

function testOf(test: unknown): CodeTest | null {
  if (typeof test === 'string') return { kind: 'source', source: test }
  if (!isObject(test)) return null
  const expected = test['expected'] ?? test['output'] ?? null
  const args = Array.isArray(test['args']) ? test['args'] : 'input' in test ? [test['input']] : null
  return args === null ? null : { kind: 'pair', argsJson: JSON.stringify(args), expectedJson: JSON.stringify(expected) }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
