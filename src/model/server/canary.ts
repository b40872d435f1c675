/**
 * @file The canary: a fixed sequence whose log-probabilities, measured by the trainer, identify an adapter wherever it is served. A server that lost
 * the adapter, kept an older one, or loaded the base otherwise than the trainer did gives other numbers.
 */
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { errorCodeOf } from '../../base/file-errors.ts'
import type { CompletionsClient } from './completions-client.ts'
import { CanaryDiffersError } from './errors.ts'

const logProbs = z.array(z.number())

/** What the trainer writes beside an adapter: log-probabilities in nats of the completion tokens under the adapter and under the base. */
export const canaryRecordSchema = z.strictObject({
  ids: z.array(z.int().min(0)),
  promptLength: z.int(),
  logProbs,
  baseLogProbs: logProbs,
  precision: z.string(),
})

export type CanaryRecord = z.infer<typeof canaryRecordSchema>

/** What a check that passed has seen, in nats: the largest difference to the adapter, and to the base. */
export interface CanaryResult {
  readonly difference: number
  readonly baseDifference: number
  /** Whether adapter and base differ by more than the tolerance on this sequence, so that one could not be taken for the other. */
  readonly isTelling: boolean
}

/**
 * Largest difference in nats that rounding alone explains, by precision. f32 was measured: 2e-5 at most between PyTorch, PEFT and the embedded engine on
 * small models. bf16 was measured at 0.13 between two batch shapes of one small model on the CPU; 4-bit weights are computed with in bf16 and were not
 * measured.
 */
const TOLERANCES: Readonly<Record<string, number>> = { f32: 1e-3, bf16: 0.25, '4bit': 0.25 }
const OTHER_TOLERANCE = 0.25

/** The tolerance for a precision as records name it. */
export function canaryTolerance(precision: string): number {
  return TOLERANCES[precision] ?? OTHER_TOLERANCE
}

/** The canary of an adapter's folder; null for an adapter that came without one. */
export function readCanary(adapterDirectory: string): CanaryRecord | null {
  const path = join(adapterDirectory, 'canary.json')
  try {
    return canaryRecordSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null
    throw new CanaryDiffersError({ name: adapterDirectory, problem: 'its canary.json cannot be read' })
  }
}

/**
 * Checks that `name` serves the adapter of the record, and not the base instead of it.
 * @throws CanaryDiffersError, and the errors of the client
 */
export async function checkCanary(
  client: Pick<CompletionsClient, 'echo'>,
  name: string,
  { record, tolerance = canaryTolerance(record.precision) }: { readonly record: CanaryRecord; readonly tolerance?: number },
): Promise<CanaryResult> {
  const served = await servedLogProbs(client, name, record)
  const difference = largest(served, record.logProbs)
  const baseDifference = largest(served, record.baseLogProbs)
  const isTelling = largest(record.logProbs, record.baseLogProbs) > tolerance
  if (!(difference <= tolerance)) {
    const other = baseDifference <= tolerance ? '; they are those of the base without an adapter' : ''
    throw new CanaryDiffersError({
      name,
      problem: `its log-probabilities differ by ${nats(difference)}, at most ${nats(tolerance)} is rounding${other}`,
    })
  }
  if (isTelling && !(distance(served, record.logProbs) < distance(served, record.baseLogProbs)))
    throw new CanaryDiffersError({ name, problem: 'its log-probabilities are nearer to those of the base without an adapter' })
  return { difference, baseDifference, isTelling }
}

/**
 * Checks that `name` serves the base that the adapter was trained on, at the trainer's precision.
 * @throws CanaryDiffersError, and the errors of the client
 */
export async function checkBaseCanary(
  client: Pick<CompletionsClient, 'echo'>,
  name: string,
  { record, tolerance = canaryTolerance(record.precision) }: { readonly record: CanaryRecord; readonly tolerance?: number },
): Promise<void> {
  const difference = largest(await servedLogProbs(client, name, record), record.baseLogProbs)
  if (difference <= tolerance) return
  throw new CanaryDiffersError({
    name,
    problem: `the base's log-probabilities differ by ${nats(difference)}, at most ${nats(tolerance)} is rounding`,
  })
}

/** Of the completion tokens; one that the server does not know is infinitely far from any. */
async function servedLogProbs(client: Pick<CompletionsClient, 'echo'>, name: string, record: CanaryRecord): Promise<readonly number[]> {
  const all = await client.echo(name, record.ids)
  return record.ids.slice(record.promptLength).map((_, i) => all[record.promptLength + i] ?? Number.NEGATIVE_INFINITY)
}

/** Infinity where the two do not have a number for each token. */
function largest(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length || left.length === 0) return Infinity
  return Math.max(...left.map((value, i) => Math.abs(value - (right[i] as number))))
}

function distance(left: readonly number[], right: readonly number[]): number {
  return Math.hypot(...left.map((value, i) => value - (right[i] as number)))
}

function nats(value: number): string {
  return `${Number(value.toPrecision(3))} nats`
}
