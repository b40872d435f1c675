/**
 * @file The shape of a suite file's content, checked as data: objects may come from another copy of the package.
 */
import { z } from 'zod'
import { keysAt } from '../base/schema-keys.ts'
import type { EvalDefinition } from '../eval/eval.ts'
import { loraSpecSchema } from '../trainer/training-spec.ts'
import { SuiteInvalidError } from './errors.ts'
import { trainerSchema } from './pick-trainer.ts'
import { problemLines } from './setting-problem.ts'
import type { SuiteOptions } from './suite.ts'

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'names are lower-case letters, digits and hyphens')
const share = z.number().min(0).max(1)
const evalDefinition = z.custom<EvalDefinition>(
  (value) => typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'holdfast.eval-definition',
  'expected what defineEval() returns',
)
const methodSettings = z.record(z.string(), z.unknown())
const suiteEval = z.strictObject({
  eval: evalDefinition,
  margin: z.number().gt(0).lt(1).optional(),
  blocking: z.boolean().optional(),
  minEffect: share.optional(),
  arms: z.record(z.string(), methodSettings).optional(),
})
const budget = z.strictObject({
  features: z.int().min(1).optional(),
  arms: z.array(z.string()).min(1).optional(),
  gateCases: z.int().min(1).optional(),
  twinCases: z.int().min(0).optional(),
  devCases: z.int().min(1).optional(),
  method: z.record(z.string(), methodSettings).optional(),
})

const suiteSchema = z.strictObject({
  name,
  description: z.string().optional(),
  base: z.union([z.string().min(1), z.instanceof(URL)]),
  features: z.array(z.union([evalDefinition, suiteEval])).min(1),
  retention: z
    .array(z.union([evalDefinition, suiteEval]))
    .min(1, 'at least one retention eval is needed: it is all that guards the first round'),
  arms: z
    .array(
      z.strictObject({
        name,
        role: z.enum(['candidate', 'control']),
        optional: z.boolean().optional(),
        method: z.looseObject({ name: z.string() }),
      }),
    )
    .min(1),
  trainer: trainerSchema.optional(),
  hacking: z.union([z.literal('unguarded'), z.strictObject({ limit: share })], "is 'unguarded' or { limit }").optional(),
  thinking: z.enum(['on', 'off']).optional(),
  lora: loraSpecSchema.optional(),
  gate: z.looseObject({}).optional(),
  seed: z.int().min(0).optional(),
  checkpoints: z.int().min(1).max(100).optional(),
  devCases: z.int().min(1).optional(),
  inconclusive: z.enum(['fail', 'warn']).optional(),
  budgets: z.record(z.string(), budget).optional(),
})

/** Checks a suite file's options. @throws SuiteInvalidError naming every problem */
export function parseSuiteOptions(value: unknown, file: string): SuiteOptions {
  const result = suiteSchema.safeParse(value, { reportInput: true })
  if (!result.success) {
    throw new SuiteInvalidError({
      file,
      problems: problemLines(
        result.error.issues.map((issue) => ({ path: issue.path, issue, known: keysAt(suiteSchema, issue.path) })),
        value,
      ),
    })
  }
  const options = result.data as unknown as SuiteOptions
  const names = options.arms.map((arm) => arm.name)
  const repeated = names.filter((armName, index) => names.indexOf(armName) !== index)
  if (repeated.length > 0) throw new SuiteInvalidError({ file, problems: repeated.map((armName) => `arms: "${armName}" is there twice`) })
  return options
}
