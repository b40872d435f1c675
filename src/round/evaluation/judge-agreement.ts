/**
 * @file Whether a judge agrees with people: it grades the answers that people chose and rejected, and both verdicts are compared.
 */
import type { Case } from '../../eval/case.ts'
import type { Eval } from '../../eval/eval.ts'
import type { GraderModels, Grader } from '../../eval/grader.ts'
import { callGrader } from '../../grading/call-grader.ts'
import { wilson } from '../../stats/wilson.ts'
import { pickCases } from '../../suite/limit-cases.ts'

/** An answer that people called good or bad. */
export interface LabelledAnswer {
  readonly row: Case
  readonly text: string
  readonly isGood: boolean
}

/** A person's verdict beside the judge's; null where the judge gave none. */
export interface JudgedLabel {
  readonly human: boolean
  readonly judge: boolean | null
}

export interface JudgeAgreement {
  /** Answers with both verdicts. */
  readonly compared: number
  readonly agreed: number
  /** Answers that the judge could not grade. */
  readonly ungraded: number
  /** Share of the compared ones; null when there are none. */
  readonly share: number | null
  /** Wilson's 95 % interval of the share. */
  readonly interval: readonly [lower: number, upper: number]
  /**
   * Agreement beyond what the two frequencies alone would give: 1 is full, 0 is chance; null where one verdict never varied.
   * Source: Cohen, "A coefficient of agreement for nominal scales" (1960).
   */
  readonly kappa: number | null
}

/** How far one judge of an eval agrees with people. */
export interface NamedAgreement extends JudgeAgreement {
  readonly judge: string
}

/** Has every judge of an eval grade the labelled answers of `cases` cases; asks no model where there is no judge or no label. */
export async function agreementOf(
  evaluated: Pick<Eval, 'graders' | 'auditGraders' | 'cases' | 'passThreshold'>,
  { cases, models }: { readonly cases: number; readonly models: GraderModels },
): Promise<readonly NamedAgreement[]> {
  const labelled = evaluated.cases.filter((row) => row.chosen !== undefined || row.rejected !== undefined)
  const answers = labelledAnswers(pickCases(labelled, cases))
  const judges = [...evaluated.graders, ...evaluated.auditGraders].filter(({ kind }) => kind.startsWith('judge-'))
  const agreements: NamedAgreement[] = []
  for (const judge of answers.length === 0 ? [] : judges) {
    const { passThreshold } = evaluated
    // A judge of pairs sets an answer against the chosen one: that one against itself would be no question.
    const asked = judge.kind === 'judge-pairwise' ? answers.filter(({ isGood }) => !isGood) : answers
    agreements.push({ judge: judge.name, ...judgeAgreement(await judgeLabelled(judge, asked, { models, passThreshold })) })
  }
  return agreements
}

/** The answers of these cases that people labelled: what they chose is good, what they rejected is bad. */
export function labelledAnswers(cases: readonly Case[]): readonly LabelledAnswer[] {
  return cases.flatMap((row) => [
    ...(row.chosen === undefined ? [] : [{ row, text: row.chosen, isGood: true }]),
    ...(row.rejected === undefined ? [] : [{ row, text: row.rejected, isGood: false }]),
  ])
}

/** Has a grader judge labelled answers, one after another; a reward of at least `passThreshold` calls an answer good. */
export async function judgeLabelled(
  grader: Grader,
  answers: readonly LabelledAnswer[],
  { models, passThreshold }: { readonly models: GraderModels; readonly passThreshold: number },
): Promise<readonly JudgedLabel[]> {
  const judged: JudgedLabel[] = []
  for (const { row, text, isGood } of answers) {
    const completion = { text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }
    const { reward } = await callGrader(grader, { case: row, completion, parsed: text, profile: 'eval', models })
    judged.push({ human: isGood, judge: reward === null ? null : reward >= passThreshold })
  }
  return judged
}

/** Compares the verdicts. */
export function judgeAgreement(labels: readonly JudgedLabel[]): JudgeAgreement {
  const both = labels.filter((label): label is { human: boolean; judge: boolean } => label.judge !== null)
  const compared = both.length
  const agreed = both.filter(({ human, judge }) => human === judge).length
  const ungraded = labels.length - compared
  if (compared === 0) return { compared, agreed, ungraded, share: null, interval: [0, 1], kappa: null }
  const share = agreed / compared
  const shareOf = (pick: (label: { human: boolean; judge: boolean }) => boolean): number => both.filter(pick).length / compared
  const [humanGood, judgeGood] = [shareOf(({ human }) => human), shareOf(({ judge }) => judge)]
  const byChance = humanGood * judgeGood + (1 - humanGood) * (1 - judgeGood)
  const varies = [humanGood, judgeGood].every((one) => one > 0 && one < 1)
  return {
    compared,
    agreed,
    ungraded,
    share,
    interval: wilson(agreed, compared),
    kappa: varies ? (share - byChance) / (1 - byChance) : null,
  }
}
