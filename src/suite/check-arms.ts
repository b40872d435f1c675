/**
 * @file From arms as a suite file writes them to methods with every default filled in, one for each feature: an arm's own settings, a feature's changes to
 * them, and a budget's. A problem is told where it was written.
 */
import { readMethod, type MethodProblem, type ReadMethod } from '../method/read-method.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { CheckedArm } from './checked-suite.ts'
import { SuiteInvalidError } from './errors.ts'
import { pathText, problemLines, suggestion } from './setting-problem.ts'
import type { SuiteOptions } from './suite.ts'

/** Settings of a method and where they stand in the suite file. */
interface Layer {
  readonly path: readonly PropertyKey[]
  readonly settings: Readonly<Record<string, unknown>>
}

/** All arms, with a budget's changes where one is named. @throws SuiteInvalidError naming every wrong setting, also of budgets and arms that do not run now */
export function checkArms(options: SuiteOptions, budget: string | undefined, file: string): readonly CheckedArm[] {
  const problems = [
    ...unknownArms(options),
    ...[undefined, ...Object.keys(options.budgets ?? {})].flatMap((name) => read(options, name).flatMap(({ lines }) => lines)),
  ]
  if (problems.length > 0) throw new SuiteInvalidError({ file, problems: [...new Set(problems)] })
  const methods = read(options, budget)
  return options.arms.map(({ name, role }) => {
    const own = methods.filter(({ arm }) => arm === name)
    return { name, role, methods: Object.fromEntries(own.flatMap(({ feature, method }) => (method === null ? [] : [[feature, method]]))) }
  })
}

/** Every arm on every feature of the budget. */
function read(
  options: SuiteOptions,
  budget: string | undefined,
): readonly { readonly arm: string; readonly feature: string; readonly method: MethodSpec | null; readonly lines: readonly string[] }[] {
  const limits = budget === undefined ? undefined : options.budgets?.[budget]
  const features = options.features.slice(0, limits?.features ?? options.features.length)
  return options.arms.flatMap((arm, armIndex) =>
    features.map((entry, index) => {
      const changes = 'eval' in entry ? entry.arms?.[arm.name] : undefined
      const cut = limits?.method?.[arm.name]
      const layers: readonly Layer[] = [
        { path: ['arms', armIndex, 'method'], settings: { ...arm.method } },
        ...(changes === undefined ? [] : [{ path: ['features', index, 'arms', arm.name], settings: { ...changes } }]),
        ...(cut === undefined ? [] : [{ path: ['budgets', budget as string, 'method', arm.name], settings: { ...cut } }]),
      ]
      const result = readMethod(Object.assign({}, ...layers.map(({ settings }) => settings)) as Layer['settings'])
      const feature = ('eval' in entry ? entry.eval : entry).options.name
      const isRead = 'method' in result
      return { arm: arm.name, feature, method: isRead ? result.method : null, lines: isRead ? [] : linesOf(result, layers, options) }
    }),
  )
}

function linesOf(result: Exclude<ReadMethod, { method: MethodSpec }>, layers: readonly Layer[], root: SuiteOptions): readonly string[] {
  if ('unknownName' in result) {
    const where = pathText([...layerOf(layers, result.path).path, ...result.path], root)
    return [`${where}: ${unknownMethod(result.unknownName, result.known)}`]
  }
  const problems = result.problems.flatMap((problem) =>
    split(problem).map((one) => ({ ...one, path: [...layerOf(layers, pathOf(one)).path, ...one.path] })),
  )
  return problemLines(problems, root)
}

/** Keys that do not exist may have been written in different layers. */
function split(problem: MethodProblem): readonly MethodProblem[] {
  const { issue } = problem
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...problem, issue: { ...issue, keys: [key] } })) : [problem]
}

function pathOf({ path, issue }: MethodProblem): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...path, ...issue.keys] : path
}

/** The layer that decided a setting: the last that has it, else the arm's own. */
function layerOf(layers: readonly Layer[], [key]: readonly PropertyKey[]): Layer {
  return layers.findLast(({ settings }) => key !== undefined && key in settings) ?? (layers[0] as Layer)
}

/** What to say of a method that no trainer has. */
function unknownMethod(name: unknown, known: readonly string[]): string {
  if (name === 'ppo') {
    return 'there is no "ppo": TRL removed its PPO trainer in 2026, and PPO needs a value model beside the policy; "rloo" and "grpo" take the same rewards and need none'
  }
  return `there is no method ${quoteUntrusted(String(name))}${suggestion(String(name), known)}, only ${known.join(', ')}`
}

/** Changes and cuts for arms that the suite does not have. */
function unknownArms(options: SuiteOptions): readonly string[] {
  const known = options.arms.map(({ name }) => name)
  const named = [
    ...options.features.flatMap((entry, index) =>
      'eval' in entry ? Object.keys(entry.arms ?? {}).map((name) => ({ name, path: ['features', index, 'arms'] })) : [],
    ),
    ...Object.entries(options.budgets ?? {}).flatMap(([budget, { arms = [], method = {} }]) => [
      ...arms.map((name) => ({ name, path: ['budgets', budget, 'arms'] })),
      ...Object.keys(method).map((name) => ({ name, path: ['budgets', budget, 'method'] })),
    ]),
  ]
  return named
    .filter(({ name }) => !known.includes(name))
    .map(
      ({ name, path }) =>
        `${pathText(path, options)}: there is no arm ${quoteUntrusted(name)}${suggestion(name, known)}, only ${known.join(', ')}`,
    )
}
