/**
 * @file What a method's card says: the only place that knows a tuning method. Everything else about it is derived: names, public types, checks, the Python
 * side's schema, docs/methods.md, what trainers compute and what estimates count.
 */
import type { z } from 'zod'
import type { SeededRandom } from '../base/seeded-random.ts'
import type { CommonSettings, DemonstrationSettings, KeptSampleSettings, PreferenceSettings, RolloutSettings } from './data-form.ts'
import type { KnownGradient, LossGradient } from './gradient.ts'
import type { SettingsSchema } from './settings.ts'
import type { WrittenSettings, WrittenMethod } from './written-method.ts'

interface Facts<Settings> {
  /** What it is called at length: "Group-relative policy optimisation". */
  readonly title: string
  /** One sentence for people who choose. */
  readonly summary: string
  /** The paper, or whose definition it follows. */
  readonly source: string
  /** Trainers that run it, by name. */
  readonly trainers: readonly string[]
  /** Whether adapter weights to measure from are held beside those that are trained. */
  needsReference(settings: Settings): boolean
  /** Where TRL’s trainer of it holds all logits at once instead of computing them in tiles. */
  readonly holdsLogits?: boolean
  /** Values that the gradient knows, of settings that have others: trainers that compute it themselves refuse the rest. */
  readonly gradientKnows?: { readonly [Key in keyof Settings]?: readonly Settings[Key][] }
}

/** Learns demonstrations. */
interface LearnsDemonstrations {
  readonly form: 'demonstrations'
  readonly gradient?: KnownGradient
}

/** What one step on pairs is computed from: f32[tokens] for each pair's two answers, in nats. */
export interface PairBatch {
  readonly chosen: readonly Float32Array[]
  readonly rejected: readonly Float32Array[]
  /** Of the reference; only where the method needs one. */
  readonly referenceChosen?: readonly Float32Array[]
  readonly referenceRejected?: readonly Float32Array[]
}

/** The loss of a batch of pairs and ∂L/∂logProb for each token of the two answers. */
export interface PairGradient {
  readonly loss: number
  readonly chosen: readonly Float32Array[]
  readonly rejected: readonly Float32Array[]
}

interface LearnsPairs<Settings> {
  readonly form: 'pairs'
  gradient?(batch: PairBatch, settings: Settings): PairGradient
}

interface LearnsThumbs {
  readonly form: 'thumbs'
}

/** A graded sample of one prompt. `key` tells equal completions apart from different ones; a sample passes at its own eval's threshold. */
export interface GradedSample {
  readonly key: string
  readonly reward: number | null
  readonly passThreshold: number
}

/** For each prompt, the indices of the samples to learn from. */
export type KeepSamples = (groups: readonly (readonly GradedSample[])[], random: SeededRandom) => number[][]

interface LearnsKeptSamples {
  readonly form: 'kept samples'
  readonly keep: KeepSamples
  readonly gradient?: KnownGradient
}

/** What one update on rollouts is computed from. All arrays have one member per sequence; the token arrays are f32[tokens], in nats. */
export interface RolloutBatch {
  readonly logProbs: readonly Float32Array[]
  /** Of the policy that sampled. Equal to `logProbs` in the first update after sampling. */
  readonly oldLogProbs: readonly Float32Array[]
  /** Of the reference; only where the method needs one. */
  readonly referenceLogProbs?: readonly Float32Array[]
  readonly advantages: ArrayLike<number>
  /** Tokens of the whole batch including sequences left out for lack of variance; default: the tokens given. */
  readonly tokenCount?: number
}

interface LearnsRollouts<Settings> {
  readonly form: 'rollouts'
  /** Whether groups of equal rewards take part in updates too, as a KL in the loss makes them. */
  usesEqualRewards(settings: Settings): boolean
  /** One per sample of a group. @param rewards null where a sample could not be graded */
  advantages?(rewards: readonly (number | null)[], settings: Settings): Float32Array
  gradient?(batch: RolloutBatch, settings: Settings): LossGradient
}

interface Named<Schema extends SettingsSchema> {
  readonly name: z.output<Schema>['name']
  readonly schema: Schema
}

type Fitting<Settings, Form, Card> = Settings extends Form ? Card : never

/** A method. Which settings the schema must have depends on the form of data. */
export type MethodCard<Schema extends SettingsSchema = SettingsSchema, Settings = z.output<Schema>> = Named<Schema> &
  Facts<Settings> &
  (
    | Fitting<Settings, DemonstrationSettings, LearnsDemonstrations>
    | Fitting<Settings, PreferenceSettings, LearnsPairs<Settings> | LearnsThumbs>
    | Fitting<Settings, KeptSampleSettings, LearnsKeptSamples>
    | Fitting<Settings, RolloutSettings, LearnsRollouts<Settings>>
  )

/** Any card, for code that goes by the form of data. */
export type AnyCard = { readonly name: string; readonly schema: SettingsSchema } & Facts<CommonSettings> &
  (LearnsDemonstrations | LearnsPairs<CommonSettings> | LearnsThumbs | LearnsKeptSamples | LearnsRollouts<CommonSettings>)

/** A card as it stands in its own file. */
export function defineMethod<const Schema extends SettingsSchema>(card: MethodCard<Schema>): MethodCard<Schema> {
  return card
}

/** The function of suite files for a method: it gives the plain settings that an arm holds and checks nothing, so that importing has no side effect. */
export function writtenAs<Schema extends SettingsSchema>(
  card: MethodCard<Schema>,
): (settings: WrittenSettings<Schema>) => WrittenMethod<Schema> {
  return (settings) => ({ ...settings, name: card.name }) as WrittenMethod<Schema>
}
