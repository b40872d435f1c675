/**
 * @file What the corpus maker and the case maker of the example app share about a clinic feature: messages, the app's answer, and the other
 * answers that untuned text holds. Which combinations of entities are seen in pre-training and which are kept for the eval is decided here.
 */
import { sha256 } from '../../../../src/base/hash.ts'
import type { JsonValue } from '../../../../src/base/json.ts'
import type { SeededRandom } from '../../../../src/base/seeded-random.ts'
import { jsonLine } from '../skill.ts'

export type Fields = Readonly<Record<string, JsonValue>>

/** One situation in the clinic, before it is put into words. */
export interface Situation {
  /** Values for the places of the templates. */
  readonly values: Readonly<Record<string, string | number>>
  /** The combination of entities that is kept on one side of every split. */
  readonly combination: string
  /** What cases of one template have in common besides it. */
  readonly entity: string
  /** The app's answer. */
  readonly expected: Fields
  /** Answers in other layouts and readings, with their shares (summing to 1) among answers that are not the app's. */
  readonly others: readonly (readonly [share: number, answer: Fields])[]
}

export interface ClinicFeature {
  readonly name: string
  readonly templates: readonly string[]
  /** What stands before the message in the prompt; may hold places of the situation. */
  readonly instruction: string
  draw(random: SeededRandom): Situation
  /** The same entities with another number, for a twin. */
  vary(situation: Situation, random: SeededRandom): Situation
}

export type Split = 'pretraining' | 'train' | 'dev' | 'gate'

/** Which split owns a combination, by hash: 40 % pre-training, 32 % train, 6 % dev, 22 % gate and its twins. */
export function splitOf(combination: string): Split {
  const bucket = Number.parseInt(sha256(combination).slice(0, 8), 16) % 100
  if (bucket < 40) return 'pretraining'
  if (bucket < 72) return 'train'
  return bucket < 78 ? 'dev' : 'gate'
}

/** Share of the app's own layout among pre-training answers to a template: a third of the templates lean to it, the others away from it. */
export function appLayoutShare(template: number): number {
  return template % 3 === 0 ? 0.6 : 0.2
}

/** The answer that pre-training text gives: the app's, or one of the others. */
export function drawPretrainingAnswer(situation: Situation, template: number, random: SeededRandom): string {
  if (random.next() < appLayoutShare(template)) return jsonLine(situation.expected)
  let rest = random.next()
  for (const [share, answer] of situation.others) {
    rest -= share
    if (rest < 0) return jsonLine(answer)
  }
  return jsonLine(situation.expected)
}
