/** @file The example app's evals: enough cases of every role, nothing shared between training and judging, demonstrations that their graders accept. */
import { describe, expect, it } from 'vitest'
import appointment from '../../evals/appointment/appointment.eval.ts'
import dailyDose from '../../evals/daily-dose/daily-dose.eval.ts'
import refill from '../../evals/refill/refill.eval.ts'
import generalJson from '../../evals/retention/general-json/general-json.eval.ts'
import generalText from '../../evals/retention/general-text/general-text.eval.ts'
import { clinicPrompt } from '../../models/nano/pretraining/clinic/clinic-skill.ts'
import { corpus, isHeldOut } from '../../models/nano/pretraining/corpus.ts'
import { refill as refillFeature } from '../../models/nano/pretraining/clinic/refill.ts'
import type { Case, Role } from '../../src/eval/case.ts'
import type { Eval, EvalDefinition } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { gradeCompletion } from '../../src/grading/grade-completion.ts'

const load = (definition: EvalDefinition): Promise<Eval> => loadEval(definition, { origin: definition.options.name })
const evals = await Promise.all([refill, appointment, dailyDose, generalJson, generalText].map(load))
const features = evals.slice(0, 3)
const byRole = (loaded: Eval, role: Role): readonly Case[] => loaded.cases.filter((row) => row.role === role)
const promptOf = (loaded: Eval, row: Case): string => loaded.messages.get(row.id)?.[0]?.content ?? ''

describe.each(evals.map((loaded) => [loaded.name, loaded] as const))('eval %s', (_, loaded) => {
  it('has 600 gate cases in at least 200 clusters, and dev and twin cases', () => {
    expect(byRole(loaded, 'gate')).toHaveLength(600)
    expect(new Set(byRole(loaded, 'gate').map(({ cluster }) => cluster)).size).toBeGreaterThanOrEqual(200)
    expect(byRole(loaded, 'dev').length).toBeGreaterThanOrEqual(200)
    expect(byRole(loaded, 'twin').length).toBeGreaterThanOrEqual(100)
  })

  it('asks no question twice', () => {
    expect(new Set(loaded.cases.map((row) => promptOf(loaded, row))).size).toBe(loaded.cases.length)
  })

  it('has a gate or dev case behind every twin', () => {
    const originals = new Set([...byRole(loaded, 'gate'), ...byRole(loaded, 'dev')].map(({ id }) => id))
    for (const { twinOf } of byRole(loaded, 'twin')) expect(originals).toContain(twinOf)
  })

  it('has demonstrations of every style that its graders reward in full', async () => {
    const rows = [...byRole(loaded, 'train').slice(0, 100), ...byRole(loaded, 'dev')]
    for (const demonstrate of Object.values(loaded.demonstrations)) {
      for (const row of rows) {
        const completion = { text: demonstrate(row), tokenIds: [], logProbs: null, finishReason: 'stop' } as const
        expect((await gradeCompletion(loaded, row, { completion, profile: 'reward' })).reward, row.id).toBe(1)
      }
    }
  })
})

describe('features', () => {
  it('share no combination of entities between train, dev and gate', () => {
    const [loaded] = features as [Eval]
    const combinations = (role: Role): Set<string> =>
      new Set(byRole(loaded, role).map(({ expected }) => JSON.stringify({ ...(expected as object), dose: 0 })))
    const train = combinations('train')
    expect([...combinations('dev'), ...combinations('gate')].filter((combination) => train.has(combination))).toEqual([])
  })

  it('reward a wrong field in part, and an answer in another layout not at all', async () => {
    const [loaded] = features as [Eval]
    const row = byRole(loaded, 'dev')[0] as Case
    const grade = async (answer: object): Promise<number | null> => {
      const completion = { text: JSON.stringify(answer), tokenIds: [], logProbs: null, finishReason: 'stop' } as const
      return (await gradeCompletion(loaded, row, { completion, profile: 'reward' })).reward
    }
    const gold = row.expected as { patient: string; drug: string; dose: number }
    expect(await grade({ ...gold, dose: gold.dose + 1 })).toBeCloseTo(2 / 3, 12)
    expect(await grade({ name: gold.patient, medicine: gold.drug, mg: gold.dose })).toBe(0)
  })

  it('are asked in the very words of the pre-training text, with other combinations', () => {
    const seen = new Set<string>()
    for (const { skill, messages } of corpus(7, 'clinic', 30_000)) if (skill.startsWith('clinic-')) seen.add(messages.at(-1)?.content ?? '')
    expect(seen.size).toBeGreaterThan(1500)
    for (const loaded of features) expect(loaded.cases.filter((row) => seen.has(promptOf(loaded, row)))).toEqual([])
    const situation = { values: { patient: 'Anna Berg', drug: 'aspirin', mg: 5 }, combination: '', entity: '', expected: {}, others: [] }
    expect(clinicPrompt(refillFeature, situation, 1)).toBe('Refill to JSON: Please renew aspirin 5 mg for Anna Berg.')
  })
})

describe('retention evals', () => {
  it('hold only prompts that pre-training leaves out', () => {
    for (const loaded of evals.slice(3)) expect(loaded.cases.filter((row) => !isHeldOut(promptOf(loaded, row)))).toEqual([])
  })
})
