/**
 * @file From an arm's settings as written to a method with every default filled in, one per feature.
 */
import { methodSchema, type MethodName, type MethodSpec } from '../method/method-spec.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { SuiteInvalidError } from './errors.ts'

/** An arm with its method for each feature's round, by the feature's eval name. */
export interface CheckedArm {
  readonly name: string
  readonly role: 'candidate' | 'control'
  readonly methods: Readonly<Record<string, MethodSpec>>
}

/** Members of the optimizer that may be written directly among a method's settings, as most users do. */
const OPTIMIZER_SETTINGS = [
  'learningRate',
  'beta1',
  'beta2',
  'epsilon',
  'weightDecay',
  'maxGradientNorm',
  'schedule',
  'warmUpSteps',
  'finalShare',
]

/** Fills in a method's defaults. @throws SuiteInvalidError naming the arm and every wrong setting */
export function resolveMethod(settings: Readonly<Record<string, unknown>>, place: { file: string; arm: string }): MethodSpec {
  const unknown = unknownMethod(settings)
  if (unknown !== null) throw new SuiteInvalidError({ file: place.file, problems: [`arm "${place.arm}": ${unknown}`] })
  const result = methodSchema.safeParse(settings['name'] === 'chain' ? withStages(settings) : withOptimizer(settings))
  if (result.success) return result.data
  throw new SuiteInvalidError({
    file: place.file,
    problems: result.error.issues.map((issue) => `arm "${place.arm}", ${issue.path.join('.') || 'method'}: ${issue.message}`),
  })
}

const METHOD_NAMES: readonly MethodName[] = ['sft', 'raft', 'dpo', 'kto', 'simpo', 'grpo', 'rloo', 'mdloo', 'chain']

/** What to say of a method that no trainer has. */
function unknownMethod({ name }: Readonly<Record<string, unknown>>): string | null {
  if (METHOD_NAMES.includes(name as MethodName)) return null
  if (name === 'ppo') {
    return 'there is no "ppo": TRL removed its PPO trainer in 2026, and PPO needs a value model beside the policy; "rloo" and "grpo" take the same rewards and need none'
  }
  return `there is no method ${quoteUntrusted(String(name))}, only ${METHOD_NAMES.join(', ')}`
}

/** Settings of the optimizer gathered from among the method's. */
function withOptimizer(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { optimizer, ...others } = settings as { optimizer?: object } & Record<string, unknown>
  const isOptimizerSetting = ([key]: [string, unknown]): boolean => OPTIMIZER_SETTINGS.includes(key)
  const entries = Object.entries(others)
  return {
    ...Object.fromEntries(entries.filter((entry) => !isOptimizerSetting(entry))),
    optimizer: { ...Object.fromEntries(entries.filter(isOptimizerSetting)), ...optimizer },
  }
}

/** A chain with the settings of its stages gathered, and their steps added up. */
function withStages({ stages, ...others }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!Array.isArray(stages)) return { ...others, stages, steps: 0 }
  const gathered = stages.map((stage: Readonly<Record<string, unknown>>) => withOptimizer(stage))
  const steps = gathered.reduce((sum, { steps: own }) => sum + (typeof own === 'number' ? own : 0), 0)
  return { ...others, stages: gathered, steps }
}
