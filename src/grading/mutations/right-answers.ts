/**
 * @file Answers that are right, each with how that is known: what a grader must pass.
 */
import type { Grader, GradingProfile } from '../../eval/grader.ts'
import { jsonObjectOf } from './material.ts'
import type { Material } from './material.ts'

/** One right answer in one profile. */
export interface RightVariant {
  readonly name: string
  /** Whether the eval itself says so: people chose it, or a demonstration teaches it. */
  readonly declared: boolean
  readonly profiles: readonly GradingProfile[]
  readonly text: string
}

const BOTH: readonly GradingProfile[] = ['eval', 'reward']
/**
 * The right answers of a case for a grader: those that the eval itself declares (what people chose and what its demonstrations would teach), and
 * the same with a difference that carries nothing: white space at the ends, the order and layout of JSON, and what the grader's own contract allows.
 */
export function rightVariants({ right, gold, row }: Material, { traits }: Pick<Grader, 'traits'>): readonly RightVariant[] {
  const declared: readonly RightVariant[] = right.map(({ name, text }) => ({ name, declared: true, profiles: BOTH, text }))
  return gold === null ? declared : [...declared, ...variantsOf(gold, row, traits).map((variant) => ({ ...variant, declared: false }))]
}

type Variant = Omit<RightVariant, 'declared'>

function variantsOf(gold: string, row: Material['row'], traits: Grader['traits']): readonly Variant[] {
  const variants: Variant[] = []
  variants.push(
    { name: 'white space at the ends', profiles: BOTH, text: ` ${gold}\n` },
    { name: 'a final new line', profiles: BOTH, text: `${gold}\n` },
  )
  for (const [name, text] of Object.entries(traits?.respelled?.(gold, row.expected) ?? {})) variants.push({ name, profiles: BOTH, text })
  const object = jsonObjectOf(gold)
  if (object !== null) variants.push(...laidOut(object))
  return variants
}

function laidOut(object: Readonly<Record<string, unknown>>): readonly Variant[] {
  const turned = Object.fromEntries(Object.entries(object).toReversed())
  return [
    { name: 'keys in another order', profiles: BOTH, text: JSON.stringify(turned) },
    { name: 'JSON on several lines', profiles: BOTH, text: JSON.stringify(object, null, 2) },
    { name: 'JSON in a code fence', profiles: ['eval'], text: `\`\`\`json\n${JSON.stringify(object)}\n\`\`\`` },
  ]
}
