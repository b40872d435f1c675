/** @file The small share of clinic text in the corpus: combinations that no eval uses, answered now in the app's layout, now in another. */
import type { Skill } from '../skill.ts'
import { fill } from '../skill.ts'
import type { ClinicFeature, Situation } from './clinic-feature.ts'
import { drawPretrainingAnswer, splitOf } from './clinic-feature.ts'

/** The prompt of a situation in the words of a template. */
export function clinicPrompt(feature: ClinicFeature, situation: Situation, template: number): string {
  return fill(`${feature.instruction}${feature.templates[template]}`, situation.values)
}

/** Pre-training text near a clinic feature. */
export function clinicSkill(feature: ClinicFeature): Skill {
  return {
    name: `clinic-${feature.name}`,
    form: 'json',
    draw(random) {
      let situation = feature.draw(random)
      while (splitOf(situation.combination) !== 'pretraining') situation = feature.draw(random)
      const template = random.integer(feature.templates.length)
      const answer = drawPretrainingAnswer(situation, template, random)
      return { prompt: clinicPrompt(feature, situation, template), answer, cluster: `${template} ${situation.entity}` }
    },
  }
}
