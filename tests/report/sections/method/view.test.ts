import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reportDocumentSchema } from '../../../../src/report/document.ts'
import { methodView } from '../../../../src/report/sections/method/view.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('methodView() names the trainer and the versions of its packages', async () => {
  const directory = temporaryRun({ features: 1, arms: ['sft'] })
  expect(methodView(await documentOf(directory)).facts.map(({ term }) => term)).not.toContain('Trainer')
  const file = join(directory, 'plan.json')
  const trainer = { name: 'trl', host: 'this machine', device: 'cpu', precision: 'f32', evaluation: 'the runner itself' }
  const plan = {
    ...(JSON.parse(readFileSync(file, 'utf8')) as object),
    trainer: { ...trainer, packages: { torch: '2.13.0', trl: '1.16.0' } },
  }
  writeFileSync(file, JSON.stringify(plan))
  const document = await documentOf(directory)
  expect(reportDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
  expect(methodView(document).facts.filter(({ term }) => term === 'Trainer' || term === 'Packages')).toEqual([
    { term: 'Trainer', text: 'trl on this machine, device cpu, precision f32; evaluation: the runner itself' },
    { term: 'Packages', text: 'torch 2.13.0 · trl 1.16.0' },
  ])
})
