/**
 * @file Group-relative policy optimisation: advantages from a group's own rewards, clipped policy gradient, optional k3 KL to a reference.
 * The loss is summed over all tokens of the batch and divided by their number (TRL's default `dapo` aggregation), so long completions weigh more
 * than in the paper's per-sequence mean. No KL by default, as in TRL.
 * Source: Shao et al., arXiv:2402.03300, eq. 3 and 4; aggregation and standard deviation as in TRL 1.16 (`loss_type="dapo"`, sample sd + 1e-4);
 * k3 after Schulman, with TRL's importance-sampling correction (`use_bias_correction_kl`).
 */
import { z } from 'zod'
import { countTokens, type LossGradient } from './gradient.ts'
import { defineMethod, writtenAs, type RolloutBatch } from './method-card.ts'
import { clipHigh, clipLow, klWeight, reference, rolloutSettings, sharedSettings, updatesPerBatch } from './settings.ts'

export const grpoCard = defineMethod({
  name: 'grpo',
  title: 'Group-relative policy optimisation (GRPO)',
  summary:
    'Learns from rewards: each completion is measured against its group. `aggregation`, `importance`, `scaleRewards` and the clip range give its variants.',
  source: 'Shao et al., arXiv:2402.03300',
  schema: z.strictObject({
    name: z.literal('grpo'),
    ...sharedSettings,
    ...rolloutSettings,
    klWeight: klWeight.default(0),
    scaleRewards: z
      .enum(['group', 'batch', 'none'])
      .default('group')
      .describe('By whose standard deviation rewards are scaled; `none` is Dr. GRPO (arXiv:2503.20783).'),
    reference: reference.optional(),
    aggregation: z
      .enum(['dapo', 'grpo', 'bnpo', 'dr_grpo'])
      .optional()
      .describe('How token losses are added up; TRL’s names. Left out: `dapo`, the tokens of the whole batch.'),
    importance: z
      .enum(['token', 'sequence'])
      .optional()
      .describe('Ratios by token, or by sequence (GSPO, arXiv:2507.18071). Left out: `token`.'),
    clipLow: clipLow.optional().describe('Lower clip of the importance ratio: 1 - clipLow. Left out: 0.2.'),
    clipHigh: clipHigh.optional().describe('Upper clip of the importance ratio: 1 + clipHigh. Left out: 0.2.'),
    updatesPerBatch: updatesPerBatch.optional().describe('Optimizer steps on each batch of completions. Left out: 1.'),
    maskTruncated: z
      .boolean()
      .optional()
      .describe('Whether completions cut at the length limit are left out of the loss. Left out: false.'),
  }),
  form: 'rollouts',
  trainers: ['embedded', 'trl'],
  needsReference: ({ klWeight: weight }) => weight > 0,
  usesEqualRewards: ({ klWeight: weight }) => weight > 0,
  gradientKnows: { scaleRewards: ['group', 'none'], aggregation: ['dapo'], importance: ['token'], maskTruncated: [false] },
  advantages: (rewards, { scaleRewards }) => groupAdvantages(rewards, scaleRewards === 'none' ? 'none' : 'group'),
  gradient: (batch, { klWeight: weight, clipLow: low, clipHigh: high }) =>
    grpoGradient(batch, { klWeight: weight, clipLow: low ?? GRPO_DEFAULTS.clipLow, clipHigh: high ?? GRPO_DEFAULTS.clipHigh }),
})

/** Group-relative policy optimisation; `aggregation`, `importance`, `scaleRewards` and the clip range give its variants. */
export const grpo = writtenAs(grpoCard)

const STANDARD_DEVIATION_FLOOR = 1e-4

/** How a group's rewards are scaled: by their standard deviation, or not at all (Dr. GRPO, arXiv:2503.20783). */
type RewardScale = 'group' | 'none'

/**
 * Advantages of one group's samples. A reward of null (could not be graded) takes no part in mean and deviation and gets advantage 0.
 * @param rewards one per sample of one prompt
 */
export function groupAdvantages(rewards: readonly (number | null)[], scale: RewardScale = 'group'): Float32Array {
  const graded = rewards.filter((reward) => reward !== null)
  const mean = graded.reduce((sum, reward) => sum + reward, 0) / Math.max(1, graded.length)
  const squares = graded.reduce((sum, reward) => sum + (reward - mean) ** 2, 0)
  const deviation = graded.length > 1 ? Math.sqrt(squares / (graded.length - 1)) : 0
  const divisor = scale === 'group' ? deviation + STANDARD_DEVIATION_FLOOR : 1
  return Float32Array.from(rewards, (reward) => (reward === null ? 0 : (reward - mean) / divisor))
}

interface GrpoSettings {
  /** Clip range of the importance ratio: [1 - low, 1 + high]. */
  readonly clipLow: number
  readonly clipHigh: number
  /** Weight of the k3 KL to the reference; 0 means none. */
  readonly klWeight: number
}

export const GRPO_DEFAULTS: GrpoSettings = { clipLow: 0.2, clipHigh: 0.2, klWeight: 0 }

/** Loss and ∂L/∂logProb of one update. */
export function grpoGradient(batch: RolloutBatch, settings: GrpoSettings = GRPO_DEFAULTS): LossGradient {
  const tokenCount = Math.max(1, batch.tokenCount ?? countTokens(batch.logProbs))
  let loss = 0
  const gradients = batch.logProbs.map((logProbs, row) => {
    const gradient = new Float32Array(logProbs.length)
    for (let t = 0; t < logProbs.length; t++) {
      const token = tokenLoss(batch, settings, { row, t })
      loss += token.loss / tokenCount
      gradient[t] = token.derivative / tokenCount
    }
    return gradient
  })
  return { loss, gradients }
}

function tokenLoss(batch: RolloutBatch, settings: GrpoSettings, at: { row: number; t: number }): { loss: number; derivative: number } {
  const logProb = batch.logProbs[at.row]?.[at.t] ?? 0
  const ratio = Math.exp(logProb - (batch.oldLogProbs[at.row]?.[at.t] ?? 0))
  const advantage = batch.advantages[at.row] ?? 0
  const clipped = Math.min(Math.max(ratio, 1 - settings.clipLow), 1 + settings.clipHigh)
  const isClipped = clipped * advantage < ratio * advantage
  let loss = -Math.min(ratio * advantage, clipped * advantage)
  let derivative = isClipped ? 0 : -ratio * advantage
  if (settings.klWeight > 0) {
    const difference = (batch.referenceLogProbs?.[at.row]?.[at.t] ?? 0) - logProb
    const k3 = Math.exp(difference) - difference - 1
    loss += settings.klWeight * k3 * ratio
    derivative += settings.klWeight * ratio * (k3 + 1 - Math.exp(difference))
  }
  return { loss, derivative }
}
