/**
 * @file Which stepper takes a method's steps: one for each form of data. The method itself is its card's gradient.
 */
import type { BatchSettings, KeptSampleSettings, PreferenceSettings, RolloutSettings } from '../../method/data-form.ts'
import { cardOf } from '../../method/method-spec.ts'
import { TrainerRefusedError } from '../errors.ts'
import { createDemonstrationsStepper } from './demonstrations-stepper.ts'
import { createKeptSamplesStepper } from './kept-samples-stepper.ts'
import { createPairsStepper } from './pairs-stepper.ts'
import { createRolloutsStepper } from './rollouts-stepper.ts'
import type { Stepper, StepperContext } from './stepper.ts'

/** @throws TrainerRefusedError where a card names this trainer and has no gradient for it */
export function createStepper(context: StepperContext): Stepper {
  const { stage, parent } = context
  const card = cardOf(stage)
  const isFromBase = 'reference' in stage && stage.reference === 'base'
  const reference = card.needsReference(stage) ? { weights: isFromBase ? null : parent } : null
  switch (card.form) {
    case 'demonstrations':
      if (card.gradient !== undefined) return createDemonstrationsStepper(context, stage as BatchSettings, card.gradient)
      break
    case 'pairs': {
      const { gradient } = card
      if (gradient === undefined) break
      return createPairsStepper(context, stage as PreferenceSettings, { gradient: (batch) => gradient(batch, stage), reference })
    }
    case 'kept samples': {
      const { keep, gradient } = card
      if (gradient !== undefined) return createKeptSamplesStepper(context, stage as KeptSampleSettings, { keep, gradient })
      break
    }
    case 'rollouts': {
      const { advantages, gradient } = card
      if (advantages === undefined || gradient === undefined) break
      return createRolloutsStepper(context, stage as RolloutSettings, {
        advantages: (rewards) => advantages(rewards, stage),
        gradient: (batch) => gradient(batch, stage),
        usesEqualRewards: card.usesEqualRewards(stage),
        reference,
      })
    }
    case 'thumbs':
  }
  const { round, arm } = context.spec
  throw new TrainerRefusedError({
    where: `round "${round}", arm "${arm}"`,
    reason: `"${stage.name}" has no gradient that this trainer can take`,
  })
}
