/**
 * @file The synthetic corpus: an endless, seeded stream of short chats drawn from the mixture. General prompts whose hash falls on the held-out
 * tenth are never in it; retention evals are made of exactly those.
 */
import { sha256 } from '../../../src/base/hash.ts'
import { seededRandom } from '../../../src/base/seeded-random.ts'
import type { SeededRandom } from '../../../src/base/seeded-random.ts'
import type { Message } from '../../../src/eval/completion.ts'
import { CLINIC_MIXTURE, GENERAL_MIXTURE } from './mixture.ts'
import type { Draft, Skill } from './skill.ts'

/** One chat of the corpus. */
export interface Example {
  readonly skill: string
  readonly messages: readonly Message[]
  readonly answer: string
}

const SYSTEM_LINES = ['You are a small assistant.', 'Answer in one line.', 'Answer with the result alone.']
const SYSTEM_SHARE = 0.05

/** Whether a general prompt is kept out of pre-training: one prompt in ten. */
export function isHeldOut(prompt: string): boolean {
  return Number.parseInt(sha256(prompt).slice(0, 8), 16) % 10 === 0
}

/** `count` examples of the corpus named by `seed`; `part` names independent pieces of the stream. */
export function* corpus(seed: number | string, part: number | string, count: number): Generator<Example> {
  const random = seededRandom(seed, 'corpus', part)
  const mixture = [...GENERAL_MIXTURE, ...CLINIC_MIXTURE]
  const total = mixture.reduce((sum, [, weight]) => sum + weight, 0)
  for (let i = 0; i < count; i++) {
    const skill = pickSkill(mixture, random.next() * total)
    const draft = drawSeen(skill, random)
    const system: Message[] = random.next() < SYSTEM_SHARE ? [{ role: 'system', content: random.pick(SYSTEM_LINES) }] : []
    yield { skill: skill.name, messages: [...system, { role: 'user', content: draft.prompt }], answer: draft.answer }
  }
}

/** `count` different held-out drafts of one skill, fewer where the skill has no more in `tries` draws. */
export function heldOutDrafts(
  skill: Skill,
  seed: number | string,
  { count, tries = count * 200 }: { count: number; tries?: number },
): Draft[] {
  const random = seededRandom(seed, 'held-out', skill.name)
  const drafts = new Map<string, Draft>()
  for (let i = 0; i < tries && drafts.size < count; i++) {
    const draft = skill.draw(random)
    if (isHeldOut(draft.prompt)) drafts.set(draft.prompt, draft)
  }
  return [...drafts.values()]
}

function drawSeen(skill: Skill, random: SeededRandom): Draft {
  let draft = skill.draw(random)
  while (isHeldOut(draft.prompt)) draft = skill.draw(random)
  return draft
}

function pickSkill(mixture: readonly (readonly [Skill, number])[], point: number): Skill {
  let rest = point
  for (const [skill, weight] of mixture) {
    rest -= weight
    if (rest < 0) return skill
  }
  return (mixture.at(-1) as readonly [Skill, number])[0]
}
