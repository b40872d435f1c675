/**
 * @file How grade records are written as lines of JSON. Version 2: a header line holds what is the same in all records of the file, and in `usual` the
 * answer's members that most lines have alike; a line holds what differs. What is the same whichever model is asked stands in a file of its own, once for
 * all models, where the header names one. Version 1 wrote every record whole.
 */
import { hashJson } from '../base/hash.ts'
import { z } from 'zod'
import {
  answerMembers,
  askedHashes,
  askedMembers,
  gradeRecordSchema,
  gradingHashes,
  gradingMembers,
  type GradeRecord,
} from './grade-record.ts'

/** A record of version 1. */
export const wholeGradeSchema = gradeRecordSchema.extend({ v: z.literal(1) })

const askedHashesSchema = z.strictObject(askedHashes)

/** One case as it is asked, in the file that all models' grades share; a seed for each repeat. */
export const askedCaseSchema = z.strictObject({ ...askedMembers, seeds: z.array(z.number()), hashes: askedHashesSchema })
export type AskedCase = z.infer<typeof askedCaseSchema>

/** Members that a line may leave out. */
const { completion: _completion, toolCalls: _toolCalls, usage: _usage, ...usualMembers } = answerMembers
const usualSchema = z.strictObject(usualMembers).partial()

export const gradeHeaderSchema = z.strictObject({
  v: z.literal(2),
  ...gradingMembers,
  hashes: z.strictObject(gradingHashes),
  /** The file of asked cases, seen from the folder of this one, with `/`; null where the lines hold that too. */
  asked: z.string().nullable(),
  usual: usualSchema,
})
export type GradeHeader = z.infer<typeof gradeHeaderSchema>

/** What all records of one grading share. */
export type GradingFields = Omit<GradeHeader, 'v' | 'asked' | 'usual'>

const answerLine = z.strictObject({ ...answerMembers, ...usualSchema.shape })
/** A line beside a file of asked cases, and one that holds all of its case. */
export const answerLineSchema = answerLine.extend({ caseId: z.string() })
export type AnswerLine = z.infer<typeof answerLineSchema>
export const askedLineSchema = answerLine.extend({ ...askedMembers, seed: z.number(), hashes: askedHashesSchema })

type UsualMember = keyof typeof usualMembers
const USUAL = Object.keys(usualMembers) as UsualMember[]
const ANSWER = Object.keys(answerMembers) as (keyof typeof answerMembers)[]

/** By which a changed file of asked cases gets another name. */
export function askedHash(cases: readonly AskedCase[]): string {
  return hashJson(cases).slice(0, 8)
}

/** A longer text is written each time: nobody wants to look it up. */
const LONGEST_USUAL = 200

/** The header of a file that begins with these records: usual is what more than half of them have. */
export function headerOf(grading: GradingFields, asked: string | null, first: readonly GradeRecord[]): GradeHeader {
  const usual = Object.fromEntries(
    USUAL.flatMap((member) => mostHave(first.map((record) => record[member])).map((value) => [member, value])),
  )
  return { v: 2, ...grading, asked, usual }
}

/** The value that more than half have, as a list of one; empty where there is none. */
function mostHave(values: readonly unknown[]): readonly unknown[] {
  const counts = new Map<string, number>()
  for (const value of values) {
    const text = JSON.stringify(value)
    if (text.length <= LONGEST_USUAL) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const found = [...counts].find(([, count]) => count > values.length / 2)
  return found === undefined ? [] : [JSON.parse(found[0])]
}

/** Makes the lines of a file with this header. */
export function lineMaker({ asked, usual }: GradeHeader): (record: GradeRecord) => unknown {
  const known = new Map(
    USUAL.flatMap((member) => (usual[member] === undefined ? [] : [[member as string, JSON.stringify(usual[member])] as const])),
  )
  return (record) => {
    const line: Record<string, unknown> = { caseId: record.caseId }
    if (asked === null) {
      const { hashes, cluster, tags, twinOf, seed } = record
      const own = { case: hashes.case, messages: hashes.messages, rendered: hashes.rendered, gold: hashes.gold }
      Object.assign(line, { cluster, tags, twinOf, seed, hashes: own })
    }
    for (const member of ANSWER) {
      const value = record[member]
      const usually = known.get(member)
      if (value !== undefined && (usually === undefined || !isUsual(value, usually))) line[member] = value
    }
    return line
  }
}

function isUsual(value: unknown, usually: string): boolean {
  if (Array.isArray(value) && value.length * 2 > usually.length) return false
  return JSON.stringify(value) === usually
}

/** A case as one line names it: its own seed stands for the others. */
export interface AskedOnce extends Omit<AskedCase, 'caseId' | 'seeds'> {
  readonly seed: number
}

/**
 * Makes records of the lines of a file with this header; the name of a member instead where neither line nor header has it. Members are spelled out, not
 * spread: objects made from several spreads cost four times the time.
 */
export function recordMaker({
  usual,
  hashes: shared,
  ...grading
}: GradeHeader): (line: AnswerLine, asked: AskedOnce) => GradeRecord | string {
  const needed = USUAL.filter((member) => usual[member] === undefined)
  return (line, { cluster, tags, twinOf, seed, hashes }) => {
    for (const member of needed) if (line[member] === undefined) return member
    const record = {
      run: grading.run,
      suiteHash: grading.suiteHash,
      setHash: grading.setHash,
      purpose: grading.purpose,
      eval: grading.eval,
      arm: grading.arm,
      round: grading.round,
      step: grading.step,
      trainingSeeds: grading.trainingSeeds,
      hashes: {
        base: shared.base,
        adapter: shared.adapter,
        parent: shared.parent,
        case: hashes.case,
        messages: hashes.messages,
        rendered: hashes.rendered,
        gold: hashes.gold,
        grader: shared.grader,
        sampling: shared.sampling,
        decoding: shared.decoding,
      },
      profile: grading.profile,
      caseId: line.caseId,
      cluster,
      tags,
      twinOf,
      seed,
      completion: line.completion,
      passThreshold: grading.passThreshold,
    } as GradeRecord
    fillIn(record, line, usual)
    return record
  }
}

/** What the line has of the answer, else what is usual. */
function fillIn(record: GradeRecord, line: AnswerLine, usual: GradeHeader['usual']): void {
  const filled = record as Record<string, unknown>
  for (const member of USUAL) filled[member] = line[member] === undefined ? usual[member] : line[member]
  if (line.toolCalls !== undefined) record.toolCalls = line.toolCalls
  if (line.usage !== undefined) record.usage = line.usage
}
