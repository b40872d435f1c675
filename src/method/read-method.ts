/**
 * @file From a method as a suite file writes it to one with every default filled in. What is wrong is told by the path that was written: nobody is told of
 * `optimizer.learningRate` who wrote `learningRate`.
 */
import type { z } from 'zod'
import { FLAT_OPTIMIZER_SETTINGS } from './optimizer.ts'
import { cardOf, chainSchema, methodSchema, type MethodName, type MethodSpec, type StageName, STAGE_NAMES } from './method-spec.ts'

/** What is wrong with one setting. `known` are the names that its object takes. */
export interface MethodProblem {
  readonly path: readonly PropertyKey[]
  readonly issue: z.core.$ZodIssue
  readonly known: readonly string[]
}

export type ReadMethod =
  | { readonly method: MethodSpec }
  | { readonly problems: readonly MethodProblem[] }
  /** A name that no method has. */
  | { readonly unknownName: unknown; readonly path: readonly PropertyKey[]; readonly known: readonly MethodName[] }

type Written = Readonly<Record<string, unknown>>

/** Every method's name, chains included. */
export const METHOD_NAMES: readonly MethodName[] = [...STAGE_NAMES, 'chain']

/** Checks a written method and fills in its defaults. */
export function readMethod(written: Written): ReadMethod {
  const { name } = written
  if (!isOneOf(METHOD_NAMES, name)) return { unknownName: name, path: ['name'], known: METHOD_NAMES }
  return name === 'chain' ? readChain(written) : readStage(written)
}

/** Names of the settings that a method takes, as a suite file writes them. */
export function settingsOf(name: MethodName): readonly string[] {
  if (name === 'chain') return ['stages']
  const own = Object.keys(cardOf({ name }).schema.shape).filter((key) => key !== 'name')
  return [...own, ...FLAT_OPTIMIZER_SETTINGS]
}

function readStage(written: Written): ReadMethod {
  const result = methodSchema.safeParse(withOptimizer(written), { reportInput: true })
  if (result.success) return { method: result.data }
  return { problems: problemsOf(result.error, { written, name: written['name'] as StageName, path: [] }) }
}

function readChain({ name, stages, ...others }: Written): ReadMethod {
  if (!Array.isArray(stages)) return checkedChain({ ...others, name, stages })
  const list: readonly unknown[] = stages
  for (const [index, stage] of list.entries()) {
    const own: unknown = isObject(stage) ? stage['name'] : undefined
    if (isObject(stage) && !isOneOf(STAGE_NAMES, own)) return { unknownName: own, path: ['stages', index, 'name'], known: STAGE_NAMES }
  }
  const gathered = list.map((stage) => (isObject(stage) ? withOptimizer(stage) : stage))
  const steps = gathered.reduce<number>(
    (sum, stage) => sum + (isObject(stage) && typeof stage['steps'] === 'number' ? stage['steps'] : 0),
    0,
  )
  const checked = checkedChain({ ...others, name, stages: gathered }, list)
  return 'problems' in checked ? checked : { method: { ...(checked.method as Extract<MethodSpec, { name: 'chain' }>), steps } }
}

/** `steps` is the sum of the stages' and no setting of its own. */
function checkedChain(
  chain: Written,
  stages: readonly unknown[] = [],
): { readonly method: MethodSpec } | { readonly problems: readonly MethodProblem[] } {
  const result = chainSchema.omit({ steps: true }).safeParse(chain, { reportInput: true })
  if (result.success) return { method: { ...result.data, steps: 0 } }
  const problems = result.error.issues.flatMap((issue): readonly MethodProblem[] => {
    const [first, index] = issue.path
    const stage = first === 'stages' && typeof index === 'number' ? stages[index] : undefined
    if (!isObject(stage)) return [{ path: issue.path, issue, known: ['stages'] }]
    const at = { written: stage, name: stage['name'] as StageName, path: ['stages', index as number] }
    return [problemOf({ ...issue, path: issue.path.slice(2) }, at)]
  })
  return { problems }
}

interface Stage {
  readonly written: Written
  readonly name: StageName
  readonly path: readonly PropertyKey[]
}

function problemsOf(error: z.ZodError, stage: Stage): readonly MethodProblem[] {
  return error.issues.map((issue) => problemOf(issue, stage))
}

function problemOf(issue: z.core.$ZodIssue, { written, name, path }: Stage): MethodProblem {
  const [first, setting] = issue.path
  const isNested =
    first === 'optimizer' &&
    (!isObject(written['optimizer']) ? 'optimizer' in written : setting === undefined || String(setting) in written['optimizer'])
  const own = first === 'optimizer' && !isNested && setting !== undefined ? issue.path.slice(1) : issue.path
  return { path: [...path, ...own], issue, known: knownAt(name, own) }
}

/** The settings of the object at a path within a method. */
function knownAt(name: StageName, path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = cardOf({ name }).schema
  for (const key of path) schema = shapeOf(schema)?.[String(key)]
  const own = Object.keys(shapeOf(schema) ?? {})
  return path.length === 0 ? settingsOf(name) : own
}

/** Behind optional and default. */
function shapeOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  let inner = schema as { readonly shape?: Record<string, unknown>; readonly def?: { readonly innerType?: unknown } } | undefined
  while (inner !== undefined && inner.shape === undefined) inner = inner.def?.innerType as typeof inner
  return inner?.shape
}

/** Settings of the optimizer gathered from among the method's; what stands in `optimizer` goes before. */
function withOptimizer(settings: Written): Written {
  const { optimizer, ...others } = settings
  const isFlat = ([key]: [string, unknown]): boolean => FLAT_OPTIMIZER_SETTINGS.includes(key)
  const entries = Object.entries(others)
  const own = Object.fromEntries(entries.filter((entry) => !isFlat(entry)))
  if (optimizer !== undefined && !isObject(optimizer)) return { ...own, optimizer }
  return { ...own, optimizer: { ...Object.fromEntries(entries.filter(isFlat)), ...optimizer } }
}

function isObject(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOneOf<Name extends string>(names: readonly Name[], value: unknown): value is Name {
  return (names as readonly unknown[]).includes(value)
}
