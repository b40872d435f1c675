/**
 * @file One test of a promptfoo configuration as cases: its variables are the input, its assertions the graders and the expected answer.
 */
import { canonicalJson } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import type { CaseInput } from '../case.ts'
import type { NotConvertedList } from './imported.ts'
import { convertAssert } from './promptfoo-assert.ts'
import type { ConvertedAssert } from './promptfoo-assert.ts'
import { assertOf } from './promptfoo-config.ts'
import type { PromptfooTest } from './promptfoo-config.ts'
import { fillVariables } from './promptfoo-template.ts'

/** Combinations of variables that one test may become. */
const MOST_CASES = 100_000

/** A test and where it stands. */
export interface LocatedTest {
  readonly test: PromptfooTest
  readonly where: string
}

/** A case, and the source texts of the graders that it needs. */
export interface TestCase {
  readonly graders: readonly string[]
  readonly row: CaseInput
}

/** A case for each combination of the test's variables; what has no counterpart goes to the list. */
export function casesOfTest({ test, where }: LocatedTest, shared: PromptfooTest, lost: NotConvertedList): TestCase[] {
  if (typeof test.vars === 'string' || Array.isArray(test.vars)) lost.add(where, 'its variables are in other files')
  for (const name of ['options', 'provider', 'providers', 'threshold', 'assertScoringFunction'] as const) {
    if (test[name] !== undefined) lost.add(`${where}.${name}`, 'this setting of a test has no counterpart')
  }
  return expand({ ...objectOf(shared.vars), ...objectOf(test.vars) }).flatMap(
    (vars) => caseOfVars(vars, { test, where }, { shared, lost }) ?? [],
  )
}

function objectOf(vars: PromptfooTest['vars']): Readonly<Record<string, JsonValue>> {
  return typeof vars === 'object' && !Array.isArray(vars) ? vars : {}
}

/** promptfoo makes a test of every combination of the variables' values. */
function expand(vars: Readonly<Record<string, JsonValue>>): Readonly<Record<string, JsonValue>>[] {
  let all: Record<string, JsonValue>[] = [{}]
  for (const [name, value] of Object.entries(vars)) {
    const values = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
    all = all.flatMap((one) => values.map((each) => ({ ...one, [name]: each }))).slice(0, MOST_CASES)
  }
  return all
}

function caseOfVars(
  vars: Readonly<Record<string, JsonValue>>,
  { test, where }: LocatedTest,
  { shared, lost }: { readonly shared: PromptfooTest; readonly lost: NotConvertedList },
): TestCase | undefined {
  const file = Object.entries(vars).find(([, value]) => typeof value === 'string' && value.startsWith('file://'))
  if (file !== undefined) lost.add(`${where}.vars.${file[0]}`, 'the value stands in another file')
  if (file !== undefined) return undefined
  const located = [
    ...(shared.assert ?? []).map((value, index) => [value, `defaultTest.assert[${index}]`] as const),
    ...(test.assert ?? []).map((value, index) => [value, `${where}.assert[${index}]`] as const),
  ]
  const converted = located.flatMap(([value, where]) => convertOne(value, vars, { where, lost }) ?? [])
  const { graders, expected } = combine(converted, lost)
  if (graders.length === 0) lost.add(where, 'no assertion of this test could be converted, so that nothing would grade it')
  if (graders.length === 0) return undefined
  return {
    graders,
    row: { input: vars, expected: expected ?? null, ...(test.description === undefined ? {} : { tags: [test.description] }) },
  }
}

type LocatedAssert = ConvertedAssert & { readonly weight: number | undefined; readonly where: string }

function convertOne(
  raw: unknown,
  vars: Readonly<Record<string, JsonValue>>,
  { where, lost }: { readonly where: string; readonly lost: NotConvertedList },
): LocatedAssert | undefined {
  const assert = assertOf(raw)
  const value = assert?.value === undefined ? undefined : fillVariables(assert.value, vars)
  const found =
    assert === undefined || value === null
      ? 'refers to a template or to variables that are not there'
      : convertAssert({ ...assert, value, threshold: assert.threshold, weight: assert.weight })
  if (typeof found !== 'string') {
    if (assert?.threshold !== undefined) lost.add(where, 'its threshold: the whole eval has passThreshold')
    return { ...found, weight: assert?.weight, where }
  }
  lost.add(where, `assertion "${assert?.type ?? '?'}" ${found}`)
  return undefined
}

/** One grader for each kind of assertion; texts to look for are put together, and a second use of the expected answer is lost. */
function combine(
  asserts: readonly LocatedAssert[],
  lost: NotConvertedList,
): { readonly graders: readonly string[]; readonly expected: JsonValue | undefined } {
  let expected: JsonValue | undefined
  let owner: string | undefined
  const graders: string[] = []
  for (const { grader, options, expected: wanted, weight, where } of asserts) {
    const source = { ...options, ...(weight === undefined || weight <= 0 ? {} : { weight }) }
    const key = `${grader} ${canonicalJson(source)}`
    if (wanted !== undefined && owner === key && Array.isArray(wanted) && Array.isArray(expected) && options['match'] !== 'any') {
      expected = [...new Set([...(expected as readonly JsonValue[]), ...(wanted as readonly JsonValue[])])]
      continue
    }
    if (wanted !== undefined && owner !== undefined) {
      lost.add(where, 'the expected answer of a case serves one kind of assertion: this one is a second')
      continue
    }
    if (wanted !== undefined) [expected, owner] = [wanted, key]
    const count = graders.filter((one) => one.startsWith(`graders.${grader}(`)).length
    graders.push(sourceOf(grader, count === 0 ? source : { ...source, name: `${grader}-${count + 1}` }))
  }
  return { graders, expected }
}

function sourceOf(grader: string, options: Readonly<Record<string, JsonValue>>): string {
  return `graders.${grader}(${Object.keys(options).length === 0 ? '' : JSON.stringify(options)})`
}
