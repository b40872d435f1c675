/**
 * @file Methods as JSON with every default filled in, from the cards: what a training spec holds and what trainers are given.
 */
import { z } from 'zod'
import { DATA_FORMS, type DataForm, type ExampleType } from './data-form.ts'
import type { AnyCard } from './method-card.ts'
import { METHOD_CARDS } from './method-cards.ts'

type SchemasOf<Cards extends readonly { readonly schema: z.ZodObject }[]> = { readonly [Index in keyof Cards]: Cards[Index]['schema'] }

/** Methods that are one training by themselves. */
export const stageSchema = z.discriminatedUnion(
  'name',
  METHOD_CARDS.map(({ schema }) => schema) as unknown as SchemasOf<typeof METHOD_CARDS>,
)

export type StageSpec = z.output<typeof stageSchema>

/** Stages one after another on the same adapter, each with a fresh optimizer. */
export const chainSchema = z.strictObject({
  name: z.literal('chain'),
  stages: z.array(stageSchema).min(2).describe('At least two methods, in their order.'),
  /** Steps of all stages together. */
  steps: z.int().min(0),
})

export const methodSchema = z.discriminatedUnion('name', [...stageSchema.options, chainSchema])

export type MethodSpec = z.output<typeof methodSchema>

export type StageName = StageSpec['name']
export type MethodName = MethodSpec['name']

const CARDS: readonly AnyCard[] = METHOD_CARDS

/** Names of the methods that are one training by themselves. */
export const STAGE_NAMES: readonly StageName[] = METHOD_CARDS.map(({ name }) => name)

const BY_NAME = new Map(CARDS.map((card) => [card.name, card]))

/** The card of a stage's method. */
export function cardOf({ name }: Pick<StageSpec, 'name'>): AnyCard {
  return BY_NAME.get(name) as AnyCard
}

/** The cards that a trainer runs. */
export function cardsRunBy(trainer: string): readonly AnyCard[] {
  return CARDS.filter(({ trainers }) => trainers.includes(trainer))
}

/** The schema of the stages that a trainer runs: another process need not know the others. */
export function stageSchemaOf(trainer: string): z.ZodType<StageSpec> {
  const [first, ...others] = METHOD_CARDS.filter(({ trainers }) => trainers.includes(trainer)).map(({ schema }) => schema)
  return first === undefined ? z.never() : z.discriminatedUnion('name', [first, ...others])
}

/** The stages of a method: itself, or those of a chain. */
export function stagesOf(method: MethodSpec): readonly StageSpec[] {
  return method.name === 'chain' ? method.stages : [method]
}

/** What a stage's form of data says of it. */
export function formOf(stage: StageSpec): DataForm {
  return DATA_FORMS[cardOf(stage).form]
}

/** Whether a stage learns from completions that the suite's graders have graded, drawn while it trains or before. */
export function drawsSamples(stage: StageSpec): boolean {
  return formOf(stage).drawsSamples(stage)
}

/** What a stage's cases are turned into. */
export function exampleTypeOf(stage: StageSpec): ExampleType {
  return formOf(stage).exampleType(stage)
}

/** Which of an eval's demonstrations a stage shows; null where it learns none. */
export function demonstrationOf(stage: StageSpec): string | null {
  return cardOf(stage).form === 'demonstrations' && 'demonstration' in stage ? stage.demonstration : null
}

/** Whether groups of equal rewards take part in updates too, as a KL in the loss makes them. */
export function usesEqualRewards(stage: StageSpec): boolean {
  const card = cardOf(stage)
  return card.form === 'rollouts' && card.usesEqualRewards(stage)
}

/** Whether adapter weights to measure from are held beside those that are trained. */
export function needsReference(stage: StageSpec): boolean {
  return cardOf(stage).needsReference(stage)
}
