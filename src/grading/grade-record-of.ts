/**
 * @file Builds the grade records of one grading: what is equal for all its cases is computed once.
 */
import { hashJson } from '../base/hash.ts'
import { redactSecrets } from '../base/secrets.ts'
import { deriveSeed } from '../base/seeded-random.ts'
import { caseHash, goldHash, messagesHash, setHash } from '../eval/case-hashes.ts'
import type { Case } from '../eval/case.ts'
import type { Completion, Message, Sampling } from '../eval/completion.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels, GradingProfile } from '../eval/grader.ts'
import { identifyDecoding } from '../identity/identify-model.ts'
import type { AskedCase, GradingFields } from '../ledger/grade-lines.ts'
import type { GradeRecord, GradingPurpose } from '../ledger/grade-record.ts'
import type { Model } from '../model/model.ts'
import type { CompletionGrade } from './grade-completion.ts'
import type { GradingContext } from './grading-context.ts'

/** What all records of one grading have in common. */
export interface GradingSetup {
  readonly eval: Eval
  readonly cases: readonly Case[]
  readonly model: Model
  readonly purpose: GradingPurpose
  readonly profile: GradingProfile
  readonly sampling: Sampling
  readonly repeats: number
  readonly chunkSize: number
  readonly context: GradingContext
  /** What the grades are known by, as src/grading/identify-grading.ts gives it. */
  readonly grading: string
  /** Content hash of each case, in the order of the cases. */
  readonly caseHashes: readonly string[]
  /** Models that graders may ask. */
  readonly models: GraderModels | undefined
  /** All cases as `prepareCase` gives them, where that was needed at once. */
  readonly prepared?: readonly PreparedCase[]
}

/** A case with everything about it that does not depend on the completion. */
export interface PreparedCase {
  readonly row: Case
  readonly messages: readonly Message[]
  readonly seeds: readonly number[]
  readonly hashes: Pick<GradeRecord['hashes'], 'case' | 'messages' | 'rendered' | 'gold'>
}

/** Computes what all records share. */
export function sharedFields(setup: GradingSetup): GradingFields {
  const { run, suiteHash, arm, round, step, trainingSeeds, parent } = setup.context
  const { base, adapter } = setup.model.identity
  const makeUp = { chunkSize: setup.chunkSize, repeats: setup.repeats }
  return {
    ...{
      run,
      suiteHash,
      setHash: setHash(setup.cases, setup.caseHashes),
      purpose: setup.purpose,
      eval: setup.eval.name,
    },
    ...{ arm, round, step, trainingSeeds, profile: setup.profile, passThreshold: setup.eval.passThreshold },
    hashes: {
      ...{ base, adapter, parent, grader: setup.grading, sampling: hashJson(setup.sampling) },
      decoding: identifyDecoding(setup.model.identity, { sampling: setup.sampling, makeUp }),
    },
  }
}

/** Hashes and seeds of the case at `index`; its messages are the ones rendered when the eval was loaded. */
export function prepareCase(setup: GradingSetup, index: number): PreparedCase {
  const known = setup.prepared?.[index]
  if (known !== undefined) return known
  const row = setup.cases[index] as Case
  const messages = setup.eval.messages.get(row.id) ?? []
  const rendered = setup.model.renderedHash(messages, toolsOf(setup.eval))
  const seeds: number[] = []
  for (let repeat = 0; repeat < setup.repeats; repeat++)
    seeds.push(rowSeed(setup.context.suiteSeed, { evalName: setup.eval.name, caseId: row.id, repeat }))
  const own = setup.caseHashes[index] ?? caseHash(row)
  return {
    row,
    messages,
    seeds,
    hashes: { case: own, messages: messagesHash(messages), rendered, gold: goldHash(row) },
  }
}

/** A case as the file has it that the models of a run share. */
export function askedCase({ row, seeds, hashes }: PreparedCase): AskedCase {
  return { caseId: row.id, cluster: row.cluster ?? null, tags: [...row.tags], twinOf: row.twinOf ?? null, seeds: [...seeds], hashes }
}

/** The tools that a model is offered; undefined where there are none. */
export function toolsOf({ tools }: Pick<Eval, 'tools'>): Eval['tools'] | undefined {
  return tools.length === 0 ? undefined : tools
}

/**
 * The record of one graded completion; it shares the completion's lists. Its members are spelled out, not spread: objects made from several spreads
 * cost five times the memory and time.
 */
export function gradeRecordOf(
  shared: GradingFields,
  drawn: { readonly prepared: PreparedCase; readonly repeat: number },
  result: { readonly completion: Completion; readonly grade: CompletionGrade },
): GradeRecord {
  const { row, hashes, seeds } = drawn.prepared
  const { completion, grade } = result
  const error = grade.errors[0]
  const record: GradeRecord = {
    run: shared.run,
    suiteHash: shared.suiteHash,
    setHash: shared.setHash,
    purpose: shared.purpose,
    eval: shared.eval,
    arm: shared.arm,
    round: shared.round,
    step: shared.step,
    trainingSeeds: shared.trainingSeeds,
    hashes: allHashes(shared.hashes, hashes),
    profile: shared.profile,
    caseId: row.id,
    cluster: row.cluster ?? null,
    tags: row.tags as string[],
    twinOf: row.twinOf ?? null,
    repeat: drawn.repeat,
    seed: seeds[drawn.repeat] as number,
    completion: completion.text,
    tokenIds: completion.tokenIds as number[],
    logProbs: completion.logProbs as number[] | null,
    finishReason: completion.finishReason,
    reward: grade.reward,
    subRewards: grade.subRewards,
    audit: grade.audit,
    passThreshold: shared.passThreshold,
    pass: grade.reward === null ? null : grade.reward >= shared.passThreshold,
    formatValid: grade.formatValid,
    extractionRule: grade.extractionRule,
    errorCode: error?.code ?? null,
    errorMessage: error === undefined ? null : redactSecrets(error.message),
  }
  // Only where there are any: records of an engine that has neither stay as they were.
  if (completion.toolCalls !== undefined && completion.toolCalls.length > 0)
    record.toolCalls = completion.toolCalls.map((call) => ({ ...call }))
  if (completion.usage !== undefined) record.usage = { ...completion.usage }
  return record
}

function allHashes(shared: GradingFields['hashes'], own: PreparedCase['hashes']): GradeRecord['hashes'] {
  return {
    base: shared.base,
    adapter: shared.adapter,
    parent: shared.parent,
    case: own.case,
    messages: own.messages,
    rendered: own.rendered,
    gold: own.gold,
    grader: shared.grader,
    sampling: shared.sampling,
    decoding: shared.decoding,
  }
}

/**
 * A 32-bit seed from suite seed, eval, case and repeat. It does not depend on arm, round or model, so that parent and candidate draw with the same
 * numbers and differ only where the models do.
 */
function rowSeed(suiteSeed: number | string, row: { readonly evalName: string; readonly caseId: string; readonly repeat: number }): number {
  return deriveSeed(suiteSeed, 'row', row.evalName, row.caseId, row.repeat)
}
