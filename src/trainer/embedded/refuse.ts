/**
 * @file What the embedded trainer says of a method before anything runs: whether it computes it, and which settings it does not know.
 */
import { cardOf, cardsRunBy, type MethodSpec, type StageSpec } from '../../method/method-spec.ts'
import { TrainerRefusedError } from '../errors.ts'
import type { TrainingSpec } from '../training-spec.ts'

export const EMBEDDED = 'embedded'

/** Values that this trainer takes, of settings that any method may have; an empty list means that the setting is left out. */
const TAKEN: Readonly<Record<string, readonly unknown[]>> = { instanceFilter: [], from: ['people'], updatesPerBatch: [1] }

/** Why the embedded trainer cannot run a method; null when it can. */
export function refuseEmbedded(method: MethodSpec): string | null {
  return method.name !== 'chain' && cardOf(method).trainers.includes(EMBEDDED) ? refusedSetting(method) : unknown(method.name)
}

/** The method of a spec as the embedded trainer runs it. @throws TrainerRefusedError */
export function embeddedStage(spec: TrainingSpec): StageSpec {
  const { method, start } = spec
  const reason = start === 'merge' ? refused('start', start, ['continue']) : refuseEmbedded(method)
  if (reason === null && method.name !== 'chain') return method
  throw new TrainerRefusedError({ where: `round "${spec.round}", arm "${spec.arm}"`, reason: reason ?? '' })
}

function unknown(name: string): string {
  const known = cardsRunBy(EMBEDDED).map((card) => card.name)
  return `the embedded trainer has no method "${name}": run it with --trainer trl, or choose one of ${known.join(', ')}`
}

function refusedSetting(stage: StageSpec): string | null {
  const knows: Readonly<Record<string, readonly unknown[] | undefined>> = { ...TAKEN, ...cardOf(stage).gradientKnows }
  for (const [setting, value] of Object.entries(stage)) {
    const taken = knows[setting]
    if (taken !== undefined && value !== undefined && !taken.includes(value)) return refused(setting, value, taken)
  }
  return null
}

function refused(setting: string, value: unknown, taken: readonly unknown[]): string {
  return `the embedded trainer does not know ${written(setting, value)}: ${instead(taken)}, or run it with --trainer trl`
}

function written(setting: string, value: unknown): string {
  if (typeof value === 'string') return `${setting}: '${value}'`
  return typeof value === 'number' ? `${setting}: ${value}` : setting
}

function instead(taken: readonly unknown[]): string {
  const texts = taken.flatMap((one) => (typeof one === 'string' ? [`'${one}'`] : typeof one === 'number' ? [String(one)] : []))
  return texts.length === 0 ? 'leave it out' : `use ${texts.join(' or ')}`
}
