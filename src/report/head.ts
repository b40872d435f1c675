/**
 * @file The head of report.json: which run of which suite this is, whether it ended, and its outcome in one sentence. The sections' members follow.
 */
import { z } from 'zod'
import { headline } from './headline.ts'
import { documentPart } from './section.ts'
import type { Members } from './section.ts'

export const REPORT_SCHEMA_VERSION = 1

const modelSchema = z.strictObject({ name: z.string(), hash: z.string() })

const shape = {
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  run: z.string(),
  mode: z.enum(['run', 'gate']),
  state: z.enum(['finished', 'interrupted']),
  exitCode: z.int().nullable(),
  headline: z.string(),
  /** The run's own closing sentence. */
  summary: z.string().nullable(),
  suite: z.strictObject({ name: z.string(), description: z.string(), file: z.string(), hash: z.string(), budget: z.string().nullable() }),
  base: z.strictObject({ name: z.string(), hash: z.string(), tokenizer: z.string(), parameterCount: z.int() }),
  compared: z.strictObject({ parent: modelSchema, candidate: modelSchema, target: z.string().nullable() }).nullable(),
}

export type ReportHead = Members<typeof shape>

export const head = documentPart(shape, (run): ReportHead => {
  const { plan, header } = run
  const { name, hash, tokenizer, parameterCount } = plan.base
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    run: plan.run,
    mode: plan.mode,
    state: header === null ? 'interrupted' : 'finished',
    exitCode: header?.exitCode ?? null,
    headline: headline(run),
    summary: header?.summary ?? null,
    suite: plan.suite,
    base: { name, hash, tokenizer, parameterCount },
    compared: plan.compared,
  }
})
