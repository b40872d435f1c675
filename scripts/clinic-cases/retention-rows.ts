/**
 * @file The cases of a retention eval: held-out questions of the base model's general skills, the same number of each skill as far as a skill has
 * so many. A twin is another question of the same skill with the same wording and entity.
 */
import { heldOutDrafts } from '../../models/nano/pretraining/corpus.ts'
import { GENERAL_MIXTURE } from '../../models/nano/pretraining/mixture.ts'
import type { Draft } from '../../models/nano/pretraining/skill.ts'
import type { JsonValue } from '../../src/base/json.ts'
import { rowId } from './row.ts'
import type { Row, RowRole } from './row.ts'

const COUNTS = { gate: 600, dev: 210, train: 105 } as const
const TWINS = 100
const POOL_PER_SKILL = 600

interface Pool {
  readonly skill: string
  readonly drafts: Draft[]
}

interface Question {
  readonly skill: string
  readonly draft: Draft
}

/** All rows of the retention eval whose answers have this form, in the order gate, twin, dev, train. */
export function retentionRows(form: 'json' | 'text', seed: number): Row[] {
  const name = `general-${form}`
  const pools: Pool[] = GENERAL_MIXTURE.filter(([skill]) => skill.form === form).map(([skill]) => ({
    skill: skill.name,
    drafts: heldOutDrafts(skill, seed, { count: POOL_PER_SKILL, tries: 30_000 }),
  }))
  const row = (role: RowRole, index: number, { skill, draft }: Question): Row => ({
    id: rowId(name, role, index),
    role,
    input: draft.prompt,
    expected: form === 'json' ? (JSON.parse(draft.answer) as JsonValue) : draft.answer,
    tags: [skill],
    cluster: `${skill}: ${draft.cluster}`,
  })
  const gate = takeInTurn(pools, COUNTS.gate)
  const twins = gate.flatMap((question, i) => {
    const twin = takeTwin(pools, question)
    return twin === null ? [] : [{ twin, twinOf: rowId(name, 'gate', i) }]
  })
  return [
    ...gate.map((question, i) => row('gate', i, question)),
    ...twins.slice(0, TWINS).map(({ twin, twinOf }, i) => ({ ...row('twin', i, twin), twinOf })),
    ...takeInTurn(pools, COUNTS.dev).map((question, i) => row('dev', i, question)),
    ...takeInTurn(pools, COUNTS.train).map((question, i) => row('train', i, question)),
  ]
}

/** Takes from each pool in turn, leaving out those that are empty. */
function takeInTurn(pools: readonly Pool[], count: number): Question[] {
  const taken: Question[] = []
  for (let turn = 0; taken.length < count; turn++) {
    const { skill, drafts } = pools[turn % pools.length] as Pool
    const draft = drafts.shift()
    if (draft !== undefined) taken.push({ skill, draft })
  }
  return taken
}

function takeTwin(pools: readonly Pool[], { skill, draft }: Question): Question | null {
  const drafts = pools.find((pool) => pool.skill === skill)?.drafts ?? []
  const place = drafts.findIndex((other) => other.cluster === draft.cluster)
  return place === -1 ? null : { skill, draft: drafts.splice(place, 1)[0] as Draft }
}
