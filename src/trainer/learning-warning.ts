/**
 * @file Says when a training had nothing to learn from: its steps ran, its arithmetic was right, and no weight moved.
 */
import type { TrainingEvent } from './training-event.ts'

/** From this share of idle steps on it is worth a warning. */
const MANY = 0.5

type Step = Extract<TrainingEvent, { type: 'step' }>

/** One warning on a training's events; null where most steps learned something. */
export function learningWarning(
  events: readonly TrainingEvent[],
  part: { readonly round: string; readonly arm: string },
): { readonly code: string; readonly message: string } | null {
  const steps = events.filter((event) => event.type === 'step')
  const idle = steps.filter(isIdle)
  if (idle.length === 0 || idle.length < MANY * steps.length) return null
  const rewards = idle.flatMap(({ meanReward }) => (meanReward === null ? [] : [meanReward]))
  const mean = rewards.length === 0 ? '' : `, mean reward ${(rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length).toFixed(2)}`
  const why = idle.some(({ zeroVarianceShare }) => zeroVarianceShare !== null)
    ? `all samples of a prompt had the same reward${mean}`
    : `no sample passed${mean}`
  return {
    code: 'NOTHING_LEARNED',
    message: `Round "${part.round}", arm "${part.arm}" had nothing to learn from in ${idle.length} of ${steps.length} steps: ${why}. Put sft before it in a chain, draw more samplesPerPrompt, or give a graded reward`,
  }
}

/** Steps of a batch after its first update tell of no groups; they learned if they trained a token. */
function isIdle({ zeroVarianceShare, trainedTokens }: Step): boolean {
  return trainedTokens === 0 || (zeroVarianceShare !== null && zeroVarianceShare > 1 - 1e-9)
}
