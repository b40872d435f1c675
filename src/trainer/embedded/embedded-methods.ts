/**
 * @file Which methods the embedded trainer knows, and what it says of the others.
 */
import { TrainerRefusedError } from '../errors.ts'
import type { MethodSpec, StageSpec } from '../../method/method-spec.ts'
import type { TrainingSpec } from '../training-spec.ts'

const KNOWN = ['sft', 'raft', 'grpo'] as const

/** A method that the embedded trainer runs. */
export type EmbeddedMethod = Extract<StageSpec, { name: (typeof KNOWN)[number] }> & { readonly scaleRewards?: 'group' | 'none' }

/** Why the embedded trainer cannot run a method; null when it can. */
export function refuseEmbedded(method: MethodSpec): string | null {
  if (!isKnown(method))
    return `the embedded trainer has no method "${method.name}": run it with --trainer trl, or choose one of ${KNOWN.join(', ')}`
  if (method.name === 'sft') return null
  if (method.instanceFilter !== undefined) return refused('instanceFilter', 'leave it out')
  if (method.name === 'raft') return null
  if (method.scaleRewards === 'batch') return refused("scaleRewards: 'batch'", "use 'group' or 'none'")
  if ((method.aggregation ?? 'dapo') !== 'dapo') return refused(`aggregation: '${method.aggregation}'`, "use 'dapo'")
  if (method.importance === 'sequence') return refused("importance: 'sequence'", "use 'token'")
  if ((method.updatesPerBatch ?? 1) > 1) return refused('updatesPerBatch above 1', 'use 1')
  if (method.maskTruncated === true) return refused('maskTruncated', 'leave it out')
  return null
}

/** The method of a spec as the embedded trainer runs it. @throws TrainerRefusedError */
export function embeddedMethod(spec: TrainingSpec): EmbeddedMethod {
  const { method, start } = spec
  const reason = start === 'merge' ? refused("start: 'merge'", "use 'continue'") : refuseEmbedded(method)
  if (reason === null && isKnown(method) && (method.name !== 'grpo' || method.scaleRewards !== 'batch')) return method as EmbeddedMethod
  throw new TrainerRefusedError({ where: `round "${spec.round}", arm "${spec.arm}"`, reason: reason ?? '' })
}

function isKnown(method: MethodSpec): method is Extract<StageSpec, { name: (typeof KNOWN)[number] }> {
  return (KNOWN as readonly string[]).includes(method.name)
}

function refused(setting: string, instead: string): string {
  return `the embedded trainer does not know ${setting}: ${instead}, or run it with --trainer trl`
}
