/**
 * @file From an arm's settings as written to a method with every default filled in, one per feature.
 */
import { methodSchema, type MethodSpec } from '../trainer/training-spec.ts'
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
  const { optimizer, ...others } = settings as { optimizer?: object } & Record<string, unknown>
  const isOptimizerSetting = ([key]: [string, unknown]): boolean => OPTIMIZER_SETTINGS.includes(key)
  const entries = Object.entries(others)
  const result = methodSchema.safeParse({
    ...Object.fromEntries(entries.filter((entry) => !isOptimizerSetting(entry))),
    optimizer: { ...Object.fromEntries(entries.filter(isOptimizerSetting)), ...optimizer },
  })
  if (result.success) return result.data
  throw new SuiteInvalidError({
    file: place.file,
    problems: result.error.issues.map((issue) => `arm "${place.arm}", ${issue.path.join('.') || 'method'}: ${issue.message}`),
  })
}
