import { expect, test } from 'vitest'
import type { CaseInput } from '../../../src/eval/case.ts'
import type { Eval } from '../../../src/eval/eval.ts'
import { overlapWarnings } from '../../../src/eval/leakage/leakage.ts'
import { seededRandom } from '../../../src/base/seeded-random.ts'
import { loadWith } from '../load.ts'

const random = seededRandom(1, 'leakage')
const prose = (count = 40): string => Array.from({ length: count }, () => `w${random.integer(4000)}`).join(' ')
const one = (id: string, role: CaseInput['role'], input: string, more: Partial<CaseInput> = {}): CaseInput => ({
  id,
  role,
  input,
  expected: 'x',
  ...more,
})
const load = (name: string, cases: readonly CaseInput[], prompt = 'Summarise: {{input}}'): Promise<Eval> =>
  loadWith({ name, cases, prompt })

/** Twenty training and twenty gate texts that have nothing in common. */
const apart = (): CaseInput[] =>
  Array.from({ length: 20 }, (_, at) => [one(`t${at}`, 'train', prose()), one(`g${at}`, 'gate', prose())]).flat()

const changed = (text: string): string => text.split(' ').with(30, 'other').join(' ')

test('overlapWarnings() says nothing where nothing is shared', async () => {
  const loaded = await load('notes', apart())
  expect(overlapWarnings([loaded], [loaded])).toEqual([])
})

test('overlapWarnings() shows a gate case that stands in the training data with a word changed, of any eval of the suite', async () => {
  const text = prose()
  const [notes, kept] = [
    await load('notes', [...apart(), one('leak', 'train', text)]),
    await load('kept', [...apart(), one('seen', 'gate', changed(text)), one('sealed', 'twin', changed(text), { twinOf: 'seen' })]),
  ]
  const [warning, ...others] = overlapWarnings([notes], [notes, kept])
  expect(others).toEqual([])
  expect(warning?.pairs.map(({ trained, judged, role }) => [trained, judged, role])).toEqual([
    ['notes/leak', 'kept/seen', 'gate'],
    ['notes/leak', 'kept/sealed', 'twin'],
  ])
  expect(warning?.message).toMatchInlineSnapshot(`
    "CASES_OVERLAP  Training on "notes" nearly shows what "kept" is judged by: "notes/leak" and "kept/seen" (gate) 66 %; "notes/leak" and "kept/sealed" (twin) 66 %
      where  runs of 13 words; training cases of "notes" share up to 0 % of them with each other
      fix    take one case of each pair away, or give both the same cluster where a template makes them alike"
  `)
})

test('overlapWarnings() looks into the answers that training shows', async () => {
  const text = prose()
  const loaded = await load('notes', [...apart(), one('t', 'train', prose(), { chosen: `You asked: ${text}` }), one('g', 'gate', text)])
  expect(overlapWarnings([loaded], [loaded]).map(({ pairs }) => pairs[0]?.judged)).toEqual(['notes/g'])
})

test('overlapWarnings() looks at worked examples, which every training prompt shows', async () => {
  const text = prose()
  const notes = await loadWith({ name: 'notes', cases: apart(), prompt: '{{input}}', fewShot: [{ input: text, output: 'yes' }] })
  const kept = await load('kept', [one('g', 'gate', changed(text))], '{{input}}')
  expect(overlapWarnings([notes], [kept])[0]?.pairs.map(({ trained, judged }) => [trained, judged])).toEqual([['notes/few-shot', 'kept/g']])
})

test('overlapWarnings() takes prompts for the same that differ in punctuation only, short ones too', async () => {
  const loaded = await load(
    'notes',
    [...apart(), one('t', 'train', 'When do you open?'), one('g', 'gate', 'when do you open')],
    '{{input}}',
  )
  expect(overlapWarnings([loaded], [loaded])[0]?.pairs).toEqual([{ trained: 'notes/t', judged: 'notes/g', role: 'gate', share: 1 }])
})

test('overlapWarnings() does not count what a template gives to all cases', async () => {
  const template = `${prose(60)} {{input}} ${prose(60)}`
  const cases = Array.from({ length: 60 }, (_, at) => one(`c${at}`, at % 2 === 0 ? 'train' : 'gate', `order ${at}`))
  const loaded = await load('orders', cases, template)
  expect(overlapWarnings([loaded], [loaded])).toEqual([])
})

test('overlapWarnings() measures by what training cases share with each other, and leaves out cases of one cluster', async () => {
  const stories = Array.from({ length: 3 }, () => prose(60))
  // Pairs of training cases share three quarters of a text: a gate case that shares no more is nothing new.
  const variant = (story: number, at: number): string => `${stories[story]} ${prose(12)} ${at}`
  const cases = Array.from({ length: 12 }, (_, at) => one(`c${at}`, at % 4 === 3 ? 'gate' : 'train', variant(at % 3, at)))
  const loaded = await load('stories', cases)
  expect(overlapWarnings([loaded], [loaded], { share: 0.5 })).toEqual([])
  const text = prose()
  const cluster = { cluster: 'same' }
  const clustered = await load('c', [...apart(), one('t', 'train', text, cluster), one('g', 'gate', changed(text), cluster)])
  expect(overlapWarnings([clustered], [clustered])).toEqual([])
})

test('overlapWarnings() tells of dev cases that are trained on', async () => {
  const loaded = await load('notes', [...apart(), one('t', 'train', 'Same Question'), one('d', 'dev', 'same  question')])
  expect(overlapWarnings([loaded], [loaded])[0]?.message).toMatchInlineSnapshot(`
    "CASES_SHARED_DEV  Dev cases of "notes" are trained on: "notes/t" (train) and "notes/d" (dev)
      where  prompts compared without case and white space
      fix    take one case of each pair away: such dev cases choose the checkpoint that learned them by heart"
  `)
})

test('overlapWarnings() compares texts of scripts without spaces', async () => {
  const text = '今日は天気がいいから散歩に行きましょうと彼女は言いましたが彼は家で本を読みたかった'
  const cases = [...apart(), one('t', 'train', `${text}です`), one('g', 'gate', text)]
  const loaded = await load('ja', cases, '{{input}}')
  expect(overlapWarnings([loaded], [loaded])[0]?.pairs[0]?.share).toBe(1)
})
