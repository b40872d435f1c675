/**
 * @file Writes a run directory with synthetic records that are true to every schema and judged by the real gate: what the report's tests,
 * its benchmark and the first example are rendered from. Grades come from a toy of a model (a skill per eval), never from a model.
 */
import { join } from 'node:path'
import { hashJson } from '../../src/base/hash.ts'
import { rewriteJsonl } from '../../src/base/jsonl.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { writeWholeFile } from '../../src/base/whole-file.ts'
import { evalRole } from '../../src/gate/eval-role.ts'
import { judgeRound } from '../../src/gate/judge-round.ts'
import { pairGrades } from '../../src/gate/pair-grades.ts'
import { gatePolicySchema } from '../../src/gate/policy.ts'
import type { EvalComparison, EvalUnderGate, RoundVerdict } from '../../src/gate/verdict.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import { armDirectory, armGradesFile, baseGradesFile, casesFile, roundName } from '../../src/ledger/run-layout.ts'
import type { Plan, PlannedEval, RunHeader, Telemetry } from '../../src/ledger/run-records.ts'
import type { TrainingEvent } from '../../src/trainer/training-event.ts'
import { makeCase, makeGrade } from './recorded-case.ts'
import type { ToyCase, ToyModel } from './recorded-case.ts'

export interface RecordedRunOptions {
  readonly mode?: 'run' | 'gate'
  readonly gateCases?: number
  readonly features?: number
  readonly arms?: readonly string[]
  /** Leaves out run.json and the last round's verdicts. */
  readonly interrupted?: boolean
  /** This arm's trainer dies in round 2. */
  readonly lostArm?: string
  /** Puts hostile text into prompts, outputs, tags and names. */
  readonly hostile?: string
  readonly telemetry?: boolean
  /** Random characters after each completion, so that outputs neither repeat nor compress. */
  readonly uniqueCharacters?: number
  readonly seed?: number
}

const FEATURES = ['refill', 'appointment', 'contact']
const RETENTION = ['general-json', 'general-text']
/** Skill gained in the own round, and lost elsewhere, by arm. */
const EFFECTS: Readonly<Record<string, readonly [gain: number, loss: number]>> = {
  sft: [0.56, 0.035],
  raft: [0.4, 0.004],
  grpo: [0.47, 0.0],
  'sft-hot': [0.58, 0.3],
  candidate: [0.3, 0.12],
}

/** Writes the run and returns its plan. Equal options give equal bytes. */
export function makeRecordedRun(directory: string, options: RecordedRunOptions = {}): Plan {
  const plan = makePlan(options)
  writeJson(join(directory, 'plan.json'), plan)
  const cases = new Map(plan.evals.map((each) => [each.name, makeCases(each, options)]))
  for (const [name, rows] of cases)
    rewriteJsonl(
      join(directory, casesFile(name)),
      rows.map((row) => row.recorded),
    )
  const base = makeModel(plan, options)
  const baseGrades = gradeAll(plan, cases, base)
  for (const [name, grades] of baseGrades) rewriteJsonl(join(directory, baseGradesFile('gate', name)), wholeRecords(grades))
  const telemetry: Telemetry[] = [tell('grading', null, null, 4.1)]
  const lineages = plan.arms.map((arm) => ({
    arm: arm.name,
    role: arm.role,
    rounds: runArm({ directory, plan, cases, options, telemetry, base: { model: base, grades: baseGrades } }, arm.name),
  }))
  if (options.telemetry !== false) rewriteJsonl(join(directory, 'telemetry.jsonl'), telemetry)
  if (options.interrupted !== true) writeJson(join(directory, 'run.json'), makeHeader(plan, lineages))
  return plan
}

interface Graded {
  readonly model: ToyModel
  readonly grades: ReadonlyMap<string, readonly GradeRecord[]>
}

interface Stage {
  readonly directory: string
  readonly plan: Plan
  readonly cases: ReadonlyMap<string, readonly ToyCase[]>
  readonly options: RecordedRunOptions
  readonly telemetry: Telemetry[]
  readonly base: Graded
}

type Lineage = RunHeader['lineages'][number]

function runArm(stage: Stage, arm: string): Lineage['rounds'] {
  const { plan, directory, options } = stage
  const accepted: string[] = []
  const anchors = new Map<string, Graded>()
  let parent = stage.base
  const rounds: Lineage['rounds'] = []
  for (const round of plan.rounds) {
    const folder = join(directory, armDirectory(round.name, arm))
    const last = round === plan.rounds.at(-1)
    const lost = options.lostArm === arm && round.index === 2
    rewriteJsonl(join(folder, 'events.jsonl'), makeEvents(arm, lost))
    if (lost) {
      rounds.push({ round: round.name, feature: round.feature, outcome: 'LOST', adapter: null })
      continue
    }
    if (options.interrupted === true && last) continue
    const model = tune(parent.model, { arm, feature: round.feature, round: round.index, seed: options.seed ?? 0 })
    const graded = { model, grades: gradeAll(plan, stage.cases, model, { arm, round: round.name }) }
    for (const [name, grades] of graded.grades) {
      rewriteJsonl(join(directory, armGradesFile({ round: round.name, arm, step: null }, 'gate', name)), wholeRecords(grades))
    }
    const verdict = judge(stage, { round: round.name, arm, feature: round.feature, accepted, parent, graded, anchors })
    writeJson(join(folder, 'verdict.json'), verdict)
    writeJson(join(folder, 'candidate.json'), makeCandidate(parent.model, model, round.feature))
    stage.telemetry.push(tell('training', round.name, arm, 21), tell('grading', round.name, arm, 5.2))
    rounds.push({ round: round.name, feature: round.feature, outcome: verdict.verdict, adapter: `checkpoints/150` })
    if (verdict.verdict !== 'ACCEPTED') continue
    parent = graded
    if (round.feature !== null) accepted.push(round.feature)
    if (round.feature !== null) anchors.set(round.feature, graded)
  }
  return rounds
}

interface Judging {
  readonly round: string
  readonly arm: string
  readonly feature: string | null
  readonly accepted: readonly string[]
  readonly parent: Graded
  readonly graded: Graded
  readonly anchors: ReadonlyMap<string, Graded>
}

function judge({ plan, base }: Stage, judging: Judging): RoundVerdict {
  const { round, arm, feature, accepted, parent, graded, anchors } = judging
  const targets = feature === null ? [] : [feature]
  const features = plan.mode === 'gate' ? targets : FEATURES
  const compare = (name: string, baseline: EvalComparison['baseline'], side: Graded): EvalComparison => {
    const mode = plan.mode === 'gate' ? 'foreign' : 'run'
    const { pairs } = pairGrades(side.grades.get(name) ?? [], graded.grades.get(name) ?? [], { evalName: name, mode })
    return { evalName: name, baseline, pairs }
  }
  const evals = plan.evals.map((each): EvalUnderGate => {
    const anchor = anchors.get(each.name) ?? base
    return {
      ...each,
      role: evalRole(each.name, { features, targets, accepted }),
      blocking: each.blocking,
      ...(each.advisory === null ? {} : { advisoryReason: 'too few gate cases for its margin' }),
      graded: false,
      comparisons: {
        parent: compare(each.name, 'parent', parent),
        anchor: anchor === parent ? undefined : compare(each.name, 'anchor', anchor),
        base: parent === base ? undefined : compare(each.name, 'base', base),
      },
    }
  })
  return judgeRound({ round, arm, policy: gatePolicySchema.parse(plan.gate), evals })
}

function makeModel(plan: Plan, options: RecordedRunOptions): ToyModel {
  const start = [0.32, 0.28, 0.36, 0.9, 0.88]
  const skills = new Map(plan.evals.map((each, at) => [each.name, each.kind === 'retention' ? 0.9 : (start[at] ?? 0.4)]))
  if (plan.mode === 'gate') for (const each of plan.evals) skills.set(each.name, 0.8)
  return { name: 'base', skills, noise: 0, seed: options.seed ?? 0, uniqueCharacters: options.uniqueCharacters ?? 0 }
}

function tune(parent: ToyModel, place: { arm: string; feature: string | null; round: number; seed: number }): ToyModel {
  const [gain, loss] = EFFECTS[place.arm] ?? [0.4, 0.02]
  const skills = new Map(
    [...parent.skills].map(([name, skill]) => [name, name === place.feature ? Math.min(0.96, skill + gain) : skill - loss]),
  )
  return { ...parent, name: `${place.arm}-${place.round}`, skills, noise: 0.02, seed: place.seed }
}

function gradeAll(
  plan: Plan,
  cases: ReadonlyMap<string, readonly ToyCase[]>,
  model: ToyModel,
  place: { arm: string; round: string } | null = null,
): ReadonlyMap<string, readonly GradeRecord[]> {
  return new Map(
    plan.evals.map((each) => [each.name, (cases.get(each.name) ?? []).map((row) => makeGrade(plan, each, row, { model, place }))]),
  )
}

function makeCases(each: PlannedEval, options: RecordedRunOptions): ToyCase[] {
  return Array.from({ length: each.caseCounts['gate'] ?? 0 }, (_, at) => makeCase(each.name, at, options.hostile ?? null))
}

function makePlan(options: RecordedRunOptions): Plan {
  const gate = options.mode === 'gate'
  const features = FEATURES.slice(0, options.features ?? FEATURES.length)
  const arms = gate ? ['candidate'] : (options.arms ?? ['sft', 'raft', 'grpo', 'sft-hot'])
  const gateCases = options.gateCases ?? 200
  const hostile = options.hostile ?? ''
  return {
    schemaVersion: 1,
    mode: gate ? 'gate' : 'run',
    run: `${gate ? 'gate' : 'clinic'}-example`,
    suite: {
      name: `clinic${hostile}`,
      description: `A clinic's patient chatbot${hostile}`,
      file: 'suites/clinic.suite.ts',
      hash: hashJson(['suite', features, gateCases]),
      budget: null,
    },
    base: {
      name: 'models/nano',
      directory: 'models/nano',
      hash: hashJson('base'),
      tokenizer: hashJson('tokenizer'),
      parameterCount: 2_104_320,
    },
    compared: gate
      ? {
          parent: { name: `app-2026-10${hostile}`, hash: hashJson('p') },
          candidate: { name: `app-2026-11${hostile}`, hash: hashJson('c') },
          target: null,
        }
      : null,
    runtime: 'onnxruntime-node 1.30.0, cpu, 2 threads',
    holdfastVersion: '0.1.0',
    seed: options.seed ?? 0,
    gate: { alpha: 0.05, margin: 0.05, minEffect: 0.05, plannedRounds: gate ? 1 : features.length },
    lora: { rank: 16, alpha: 32, targets: ['q_proj', 'v_proj'] },
    rounds: gate
      ? [{ name: 'gate', index: 1, feature: null }]
      : features.map((feature, at) => ({ name: roundName(at + 1, feature), index: at + 1, feature })),
    arms: arms.map((name) => ({
      name,
      role: name === 'sft-hot' ? 'control' : 'candidate',
      method: { name: name.split('-')[0] ?? name, steps: 150 },
    })),
    evals: [...features, ...RETENTION].map((name) => makeEval(name, gateCases, hostile)),
    warnings:
      gateCases < 248
        ? [
            {
              code: 'GATE_TOO_SMALL',
              message: `Eval "refill" has ${gateCases} gate cases, a 5-point margin needs about 248 at the declared 10 % flips`,
            },
          ]
        : [],
  }
}

function makeEval(name: string, gateCases: number, hostile: string): PlannedEval {
  return {
    name,
    description: `${name} of the patient chatbot${hostile}`,
    kind: RETENTION.includes(name) ? 'retention' : 'feature',
    blocking: true,
    advisory: name === 'general-text' && gateCases < 100 ? { cases: gateCases, neededCases: 248, supportedMargin: 0.12 } : null,
    margin: gateCases < 100 ? 0.15 : 0.05,
    minEffect: 0.05,
    chance: 0,
    expectedFlips: 0.1,
    passThreshold: 1,
    repeats: 1,
    graded: false,
    caseCounts: { train: 400, dev: 100, gate: gateCases },
    setHash: hashJson(['set', name]),
    settings: { reducer: 'mean', sampling: { temperature: 0 } },
    graderHash: hashJson(['grader', name]),
    graders: [{ name: 'answer', kind: 'json-match', version: 1, hash: hashJson('json-match'), audit: false }],
  }
}

function makeEvents(arm: string, lost: boolean): TrainingEvent[] {
  const sampling = arm === 'grpo' || arm === 'raft'
  const random = seededRandom(arm)
  const steps = Array.from({ length: 15 }, (_, at): TrainingEvent => ({
    type: 'step',
    step: (at + 1) * 10,
    loss: sampling ? null : 1.8 * Math.exp(-at / 5) + 0.1 * random.next(),
    gradientNorm: 0.8,
    learningRate: 0.001,
    trainedTokens: 1024,
    meanReward: sampling ? 0.35 + 0.5 * (1 - Math.exp(-at / 6)) + 0.05 * random.next() : null,
    zeroVarianceShare: sampling ? 0.4 : null,
    meanLength: sampling ? 22 : null,
    caseIds: [],
    caseEvals: [],
  }))
  const started: TrainingEvent = { type: 'started', schemaVersion: 1, examples: 400, parameters: 65_536 }
  if (lost) return [started, ...steps.slice(0, 6), { type: 'lost', code: 'TRAINER_LOST', message: 'the worker ended with signal SIGKILL' }]
  return [started, ...steps, { type: 'finished', steps: 150 }]
}

function makeCandidate(parent: ToyModel, model: ToyModel, feature: string | null): unknown {
  const target = feature ?? ''
  const [from, to] = [parent.skills.get(target) ?? 0.5, model.skills.get(target) ?? 0.5]
  const [keptFrom, keptTo] = [parent.skills.get('general-json') ?? 0.9, model.skills.get('general-json') ?? 0.9]
  const checkpoints = [0, 50, 100, 150].map((step) => {
    const share = 1 - Math.exp(-step / 45)
    const retainedPassShare = round4(keptFrom + (keptTo - keptFrom) * share)
    return {
      step,
      hash: hashJson([model.name, step]),
      devPassShare: round4(from + (to - from) * share),
      retainedPassShare,
      klNewNats: round4(0.05 * share),
      klOldNats: round4((keptFrom - keptTo) * 0.2 * share + 0.003 * share),
    }
  })
  return { step: 150, adapter: 'checkpoints/150', hash: hashJson(model.name), checkpoints }
}

function makeHeader(plan: Plan, lineages: readonly Lineage[]): RunHeader {
  return {
    schemaVersion: 1,
    run: plan.run,
    suiteHash: plan.suite.hash,
    exitCode: 1,
    summary: 'Synthetic records: no model was tuned.',
    lineages: [...lineages],
  }
}

function tell(phase: string, round: string | null, arm: string | null, seconds: number): Telemetry {
  return { at: '2026-11-23T12:00:00.000Z', phase, round, arm, seconds, tokens: Math.round(seconds * 5300), residentBytes: 412_000_000 }
}

function writeJson(path: string, value: unknown): void {
  writeWholeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

/** As version 1 of the records wrote them. */
function wholeRecords(grades: readonly GradeRecord[]): readonly unknown[] {
  return grades.map((grade) => ({ v: 1, ...grade }))
}
