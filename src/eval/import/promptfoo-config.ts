/**
 * @file A promptfoo configuration as data, checked loosely: what is not understood is listed by who converts it.
 */
import { z } from 'zod'
import { displayPath } from '../../base/display-path.ts'
import { isJsonValue } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import { problemsOf } from '../problems.ts'
import { ImportFileError } from './errors.ts'
import { readImportData } from './read-import.ts'

const json = z.custom<JsonValue>(isJsonValue, 'is no JSON value')

const assertSchema = z.looseObject({
  type: z.string(),
  value: json.optional(),
  threshold: z.number().optional(),
  weight: z.number().optional(),
})

const testSchema = z.looseObject({
  description: z.string().optional(),
  vars: z.union([z.string(), z.array(z.unknown()), z.record(z.string(), json)]).optional(),
  assert: z.array(z.unknown()).optional(),
  threshold: z.number().optional(),
})

const configSchema = z.looseObject({
  description: z.string().optional(),
  prompts: z.unknown().optional(),
  tests: z.unknown().optional(),
  defaultTest: z.unknown().optional(),
})

export type PromptfooConfig = z.infer<typeof configSchema>
export type PromptfooTest = z.infer<typeof testSchema>
export type PromptfooRawAssert = z.infer<typeof assertSchema>

/** Members of a configuration that are understood or that say nothing of cases and graders. */
export const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...['description', 'prompts', 'tests', 'defaultTest', 'providers', 'targets', 'outputPath', 'sharing', 'tags', '$schema'],
  ...['assertionTemplates', 'commandLineOptions', 'evaluateOptions', 'writeLatestResults', 'env'],
])

/** @throws ImportFileError when the file is no promptfoo configuration */
export function readPromptfooConfig(path: string): PromptfooConfig {
  const parsed = configSchema.safeParse(readImportData(path))
  const isConfig = parsed.success && (parsed.data.prompts !== undefined || parsed.data.tests !== undefined)
  if (isConfig) return parsed.data
  const problem = parsed.success ? 'it has neither prompts nor tests' : problemsOf(parsed.error).slice(0, 3).join('; ')
  throw new ImportFileError({ where: displayPath(path), problem: `it is no promptfoo configuration: ${problem}` })
}

/** The test with its references to the configuration's own assertions put in place. */
export function withTemplates(test: PromptfooTest, config: PromptfooConfig): PromptfooTest {
  const templates = config['assertionTemplates']
  if (test.assert === undefined || typeof templates !== 'object' || templates === null) return test
  const resolve = (value: unknown): unknown => {
    const reference = typeof value === 'object' && value !== null && '$ref' in value ? value.$ref : undefined
    const name = typeof reference === 'string' ? /^#\/assertionTemplates\/([^/]+)$/.exec(reference)?.[1] : undefined
    return name !== undefined && Object.hasOwn(templates, name) ? (templates as Readonly<Record<string, unknown>>)[name] : value
  }
  return { ...test, assert: test.assert.map(resolve) }
}

/** A test as an object; undefined for anything else. */
export function testOf(value: unknown): PromptfooTest | undefined {
  return testSchema.safeParse(value).data
}

/** An assertion as an object; undefined for anything else, references to templates among them. */
export function assertOf(value: unknown): PromptfooRawAssert | undefined {
  return assertSchema.safeParse(value).data
}

/** A row of a promptfoo CSV table as a test: `__expected` columns hold assertions as "type: value". */
export function testOfRow(row: Readonly<Record<string, string>>): PromptfooTest {
  const vars: Record<string, JsonValue> = {}
  const assert: unknown[] = []
  for (const [name, value] of Object.entries(row)) {
    if (/^__expected\d*$/.test(name)) assert.push(...(value === '' ? [] : [assertOfCell(value)]))
    else if (!name.startsWith('__')) vars[name] = value
  }
  return { vars, assert }
}

function assertOfCell(cell: string): { readonly type: string; readonly value?: string } {
  const found = /^([a-z][a-z-]*)(?:\([\d.]+\))?:\s*([^]*)$/.exec(cell)
  const [type, value] = [found?.[1], found?.[2]]
  if (type === undefined || value === undefined)
    return /^(?:is-json|contains-json)$/.test(cell) ? { type: cell } : { type: 'equals', value: cell }
  return { type: { fn: 'javascript', eval: 'javascript', grade: 'llm-rubric' }[type] ?? type, value }
}
