import { expect, it } from 'vitest'
import { DEFAULT_SAMPLING } from '../../../src/eval/eval-options.ts'
import type { Model } from '../../../src/model/model.ts'
import { OpenModels } from '../../../src/vitest/evals/open-models.ts'
import { scriptedModel } from '../../model/scripted-model.ts'

it('OpenModels makes the model of a module once, from a model or a function that gives one, and closes it once', async () => {
  let [imports, closed] = [0, 0]
  const model = { ...scriptedModel(() => 'yes'), close: () => Promise.resolve(void closed++) }
  const importModule = (path: string): Promise<unknown> => {
    imports += 1
    return Promise.resolve({ default: path === 'function.ts' ? () => Promise.resolve(model) : model })
  }
  const models = new OpenModels()
  expect(await models.openModule('model.ts', importModule)).toBe(model)
  expect(await models.openModule('model.ts', importModule)).toBe(model)
  expect(await models.openModule('function.ts', importModule)).toBe(model)
  expect([imports, closed]).toEqual([2, 0])
  await models.close()
  await models.close()
  expect(closed).toBe(2)
})

it('OpenModels refuses a module that exports no model', async () => {
  const models = new OpenModels()
  await expect(models.openModule('a.ts', () => Promise.resolve({}))).rejects.toThrow(
    'MODEL_MODULE_INVALID  The module named as a model has no default export',
  )
  await expect(models.openModule('b.ts', () => Promise.resolve({ default: { generate: 1 } }))).rejects.toThrow(
    'MODEL_MODULE_INVALID  The module named as a model exports something else by default',
  )
  await models.close()
})

it('OpenModels opens the model of a reference once and closes it with the rest', async () => {
  const models = new OpenModels()
  const [first, second] = await Promise.all([1, 2].map(() => models.open('models/nano', { cache: 'off' })))
  expect(second).toBe(first)
  const generate = (): Promise<unknown> =>
    (first as Model).generate([{ messages: [{ role: 'user', content: 'Hello' }], seeds: [1] }], DEFAULT_SAMPLING)
  expect(await generate()).toHaveLength(1)
  await models.close()
  await expect(generate()).rejects.toThrow('ENGINE_CLOSED')
})
