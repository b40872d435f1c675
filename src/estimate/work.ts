/**
 * @file How much a training and its evaluations compute, in tokens: what is read, what is written and what is learned. Pure; times are
 * src/estimate/work-seconds.ts's business.
 */
import { formOf, needsReference, type MethodSpec, type StageSpec, stagesOf } from '../method/method-spec.ts'

/** A quantity as expected, and at most. */
export interface Range {
  readonly expected: number
  readonly most: number
}

/** Tokens that pass through the model, by what is done with them. */
export interface Work {
  /** Completions that are drawn. */
  readonly completions: number
  /** Tokens of prompts, each read once however many completions are drawn of it. */
  readonly promptTokens: number
  readonly newTokens: Range
  /** Tokens, prompts included, that go forward and backward. */
  readonly trainedTokens: Range
  /** Tokens that only go forward: a reference's log-probabilities, or the policy's before several updates on one batch. */
  readonly scoredTokens: Range
}

/** The texts of one feature's round, in mean tokens. */
export interface RoundTexts {
  /** Cases that completions are drawn of. */
  readonly trainCases: number
  readonly promptTokens: number
  /** Answer that is learned or compared; null where there is none because the method draws its own. */
  readonly answerTokens: number | null
  readonly newTokens: Range
}

/** The share of the limit of new tokens that a completion is expected to take where no written answer says better: an assumption. */
export const EXPECTED_SHARE = 0.5

/** Nothing. */
export const NO_WORK: Work = {
  completions: 0,
  promptTokens: 0,
  newTokens: { expected: 0, most: 0 },
  trainedTokens: { expected: 0, most: 0 },
  scoredTokens: { expected: 0, most: 0 },
}

/** The work of all stages of a method. */
export function methodWork(method: MethodSpec, texts: RoundTexts): Work {
  return addWork(stagesOf(method).map((stage) => addWork([stageWork(stage, texts), filterWork(stage, texts)])))
}

/** The work of answering prompts once, for a grade or for a look at the cases that are watched. */
export function answerWork(prompts: number, texts: Pick<RoundTexts, 'promptTokens' | 'newTokens'>): Work {
  return { ...NO_WORK, completions: prompts, promptTokens: prompts * texts.promptTokens, newTokens: times(texts.newTokens, prompts) }
}

/** The sum of several works. */
export function addWork(works: readonly Work[]): Work {
  return works.reduce(
    (sum, work) => ({
      completions: sum.completions + work.completions,
      promptTokens: sum.promptTokens + work.promptTokens,
      newTokens: plus(sum.newTokens, work.newTokens),
      trainedTokens: plus(sum.trainedTokens, work.trainedTokens),
      scoredTokens: plus(sum.scoredTokens, work.scoredTokens),
    }),
    NO_WORK,
  )
}

/** What the method's form of data says of it, in tokens of these texts. */
function stageWork(stage: StageSpec, texts: RoundTexts): Work {
  const form = formOf(stage)
  const written = texts.answerTokens === null ? texts.newTokens : { expected: texts.answerTokens, most: texts.answerTokens }
  const row = rowTokens(texts, form.drawsSamples(stage) ? texts.newTokens : written)
  const { prompts, samplesPerPrompt } = form.drawn(stage, texts.trainCases)
  return {
    ...drawWork(prompts, samplesPerPrompt, texts),
    trainedTokens: times(row, stage.steps * form.examplesPerStep(stage) * form.rowsPerExample),
    scoredTokens: times(row, form.scoredRows(stage, needsReference(stage))),
  }
}

function filterWork(stage: StageSpec, texts: RoundTexts): Work {
  const samples = 'instanceFilter' in stage ? (stage.instanceFilter?.samples ?? 0) : 0
  return samples === 0 ? NO_WORK : drawWork(texts.trainCases, samples, texts)
}

function drawWork(prompts: number, samples: number, texts: RoundTexts): Work {
  const completions = prompts * samples
  return { ...NO_WORK, completions, promptTokens: prompts * texts.promptTokens, newTokens: times(texts.newTokens, completions) }
}

function rowTokens(texts: RoundTexts, answer: Range): Range {
  return { expected: texts.promptTokens + answer.expected, most: texts.promptTokens + answer.most }
}

function plus(a: Range, b: Range): Range {
  return { expected: a.expected + b.expected, most: a.most + b.most }
}

function times(range: Range, factor: number): Range {
  return { expected: range.expected * factor, most: range.most * factor }
}
