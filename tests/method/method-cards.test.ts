import { expect, it } from 'vitest'
import { DATA_FORMS } from '../../src/method/data-form.ts'
import type { AnyCard } from '../../src/method/method-card.ts'
import { METHOD_CARDS } from '../../src/method/method-cards.ts'
import { cardsRunBy, stageSchemaOf } from '../../src/method/method-spec.ts'
import { TRAINER_NAMES } from '../../src/trainer/drivers.ts'

const CARDS: readonly AnyCard[] = METHOD_CARDS

it('METHOD_CARDS has each name once, the one that its schema takes', () => {
  const names = CARDS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, schema } of CARDS) expect(schema.shape.name.value).toBe(name)
})

it.each(CARDS.map((card) => [card.name, card] as const))('the card of %s names trainers that there are and a form of data', (_, card) => {
  expect(card.trainers.length).toBeGreaterThan(0)
  expect(TRAINER_NAMES).toEqual(expect.arrayContaining([...card.trainers]))
  expect(Object.keys(DATA_FORMS)).toContain(card.form)
})

it.each(cardsRunBy('embedded').map((card) => [card.name, card] as const))(
  'the card of %s has the gradient that the embedded trainer takes',
  (_, card) => {
    expect('gradient' in card && card.gradient !== undefined).toBe(true)
  },
)

it('stageSchemaOf() takes the methods of a trainer alone', () => {
  const sft = { name: 'sft', steps: 1, batchSize: 1, optimizer: { learningRate: 0.1 } }
  const dpo = { ...sft, name: 'dpo' }
  expect(stageSchemaOf('trl').safeParse(dpo).success).toBe(true)
  expect(stageSchemaOf('embedded').safeParse(sft).success).toBe(true)
  expect(stageSchemaOf('embedded').safeParse(dpo).success).toBe(false)
})
