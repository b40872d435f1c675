/**
 * @file Toy cases and the grades a toy model gets on them: passing is a comparison of the case's difficulty with the model's skill, with
 * some flips by chance. The text of failures is what small models really do: a wrong value, a missing field, chatter around the answer.
 */
import { hashJson } from '../../src/base/hash.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import type { Plan, PlannedEval, RecordedCase } from '../../src/ledger/run-records.ts'

export interface ToyCase {
  readonly recorded: RecordedCase
  readonly difficulty: number
  readonly answer: Readonly<Record<string, unknown>>
}

export interface ToyModel {
  readonly name: string
  readonly skills: ReadonlyMap<string, number>
  /** Share of cases that flip by chance. */
  readonly noise: number
  readonly seed: number
  readonly uniqueCharacters: number
}

const DRUGS = ['lisinopril', 'metformin', 'atorvastatin', 'levothyroxine', 'amlodipine', 'omeprazole', 'sertraline']
const NAMES = ['Ana Duarte', 'Björn Lindqvist', 'Chen Wei', 'Fatima al-Sayed', 'Łukasz Nowak', 'Maria Rossi']

export function makeCase(evalName: string, at: number, hostile: string | null): ToyCase {
  const random = seededRandom('case', evalName, at)
  const drug = random.pick(DRUGS)
  const answer = { drug, dose: `${5 * (1 + random.integer(20))} mg`, patient: random.pick(NAMES), quantity: 30 * (1 + random.integer(3)) }
  const text = `Hello, this is ${answer.patient}. I need ${answer.quantity} more tablets of ${drug} ${answer.dose}, please.${hostile ?? ''}`
  const system = `Answer as JSON with the fields drug, dose, patient and quantity. (${evalName})`
  const recorded: RecordedCase = {
    id: `${evalName}-${String(at + 1).padStart(4, '0')}`,
    role: 'gate',
    input: text,
    expected: answer,
    tags: [drug, ...(at % 3 === 0 ? ['long-name'] : []), ...(hostile === null ? [] : [hostile])],
    cluster: null,
    twinOf: null,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: text },
    ],
  }
  return { recorded, difficulty: random.next(), answer }
}

export function makeGrade(
  plan: Plan,
  planned: PlannedEval,
  row: ToyCase,
  made: { readonly model: ToyModel; readonly place: { arm: string; round: string } | null },
): GradeRecord {
  const { model, place } = made
  const random = seededRandom(model.seed, model.name, row.recorded.id)
  const able = row.difficulty < (model.skills.get(planned.name) ?? 0)
  const pass = random.next() < model.noise ? !able : able
  const failure = pass ? null : random.integer(4)
  const tail = Array.from({ length: model.uniqueCharacters }, () => random.integer(36).toString(36)).join('')
  const completion = `${complete(row, failure)}${tail}`
  const hash = (part: string): string => hashJson([part, row.recorded.id])
  return {
    run: plan.run,
    suiteHash: plan.suite.hash,
    setHash: planned.setHash,
    purpose: 'gate',
    eval: planned.name,
    arm: place?.arm ?? null,
    round: place?.round ?? null,
    step: place === null ? null : 150,
    trainingSeeds: place === null ? null : { initialisation: 1, order: 2, sampling: 3 },
    hashes: {
      base: plan.base.hash,
      adapter: place === null ? null : hashJson(model.name),
      parent: null,
      case: hash('case'),
      messages: hash('messages'),
      rendered: hash('rendered'),
      gold: hash('gold'),
      grader: planned.graderHash,
      sampling: hashJson('greedy'),
      decoding: hashJson('decoding'),
    },
    profile: 'eval',
    caseId: row.recorded.id,
    cluster: null,
    tags: row.recorded.tags,
    twinOf: null,
    repeat: 0,
    seed: 0,
    completion,
    tokenIds: [1, 2, 3],
    logProbs: null,
    finishReason: failure === 3 ? 'length' : 'stop',
    reward: pass ? 1 : failure === 0 ? 0.75 : 0,
    subRewards: { drug: pass || failure === 0 ? 1 : 0, dose: pass ? 1 : 0 },
    audit: {},
    passThreshold: planned.passThreshold,
    pass,
    formatValid: failure !== 3,
    extractionRule: failure === 1 ? 'json-in-text' : 'whole',
    errorCode: null,
    errorMessage: null,
  }
}

function complete({ answer, recorded }: ToyCase, failure: number | null): string {
  const hostile = recorded.tags.length > 2 ? (recorded.tags.at(-1) ?? '') : ''
  const right = JSON.stringify(answer)
  if (failure === null) return `${right}${hostile}`
  if (failure === 0) return `${JSON.stringify({ ...answer, dose: '10 mg' })}${hostile}`
  if (failure === 1) return `Sure! Here is the refill request: ${JSON.stringify({ drug: answer['drug'], quantity: 30 })}${hostile}`
  if (failure === 2) return `{"drug": "${String(answer['drug'])}", "dose": ${hostile}`
  return `I am happy to help you with your request. Please tell me the name of the medicine, and the medicine, and the medicine${hostile}`
}
