/**
 * @file How much a training and its evaluations compute, in tokens: what is read, what is written and what is learned. Pure; times are
 * src/estimate/work-seconds.ts's business.
 */
import { isSampled, type MethodSpec, type StageSpec, stagesOf } from '../method/method-spec.ts'

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

function stageWork(stage: StageSpec, texts: RoundTexts): Work {
  const answer = texts.answerTokens === null ? texts.newTokens : { expected: texts.answerTokens, most: texts.answerTokens }
  const written = rowTokens(texts, answer)
  switch (stage.name) {
    case 'sft':
      return { ...NO_WORK, trainedTokens: times(written, stage.steps * stage.batchSize) }
    case 'raft': {
      const prompts = stage.epochs * Math.min(stage.promptsPerEpoch, texts.trainCases)
      const learned = times(rowTokens(texts, texts.newTokens), stage.steps * stage.batchSize)
      return { ...drawWork(prompts, stage.samplesPerPrompt, texts), trainedTokens: learned }
    }
    case 'dpo':
    case 'simpo': {
      const rows = times(isSampled(stage) ? rowTokens(texts, texts.newTokens) : written, 2 * stage.steps * stage.batchSize)
      return { ...drawnBefore(stage, texts), trainedTokens: rows, scoredTokens: stage.name === 'dpo' ? rows : NO_WORK.scoredTokens }
    }
    case 'kto': {
      // Scored: the reference, and both models on each answer beside its neighbour's prompt.
      const rows = times(isSampled(stage) ? rowTokens(texts, texts.newTokens) : written, stage.steps * stage.batchSize)
      return { ...drawnBefore(stage, texts), trainedTokens: rows, scoredTokens: times(rows, 3) }
    }
    case 'grpo':
    case 'rloo':
    case 'mdloo':
      return onlineWork(stage, texts)
  }
}

function onlineWork(stage: Extract<StageSpec, { readonly promptsPerStep: number }>, texts: RoundTexts): Work {
  const updates = stage.updatesPerBatch ?? 1
  const batches = Math.ceil(stage.steps / updates)
  const row = rowTokens(texts, texts.newTokens)
  const completions = stage.promptsPerStep * stage.samplesPerPrompt
  const scorers = (stage.klWeight > 0 ? 1 : 0) + (updates > 1 ? 1 : 0)
  return {
    ...drawWork(batches * stage.promptsPerStep, stage.samplesPerPrompt, texts),
    trainedTokens: times(row, stage.steps * completions),
    scoredTokens: times(row, scorers * batches * completions),
  }
}

function filterWork(stage: StageSpec, texts: RoundTexts): Work {
  const samples = 'instanceFilter' in stage ? (stage.instanceFilter?.samples ?? 0) : 0
  return samples === 0 ? NO_WORK : drawWork(texts.trainCases, samples, texts)
}

/**
 * Preference data that is drawn and graded before the first step, until there is enough for every step: an assumption is that every other prompt gives a
 * pair, and half of the samples of a prompt are different answers to label.
 */
function drawnBefore(stage: Extract<StageSpec, { readonly from: string }>, texts: RoundTexts): Work {
  if (!isSampled(stage)) return NO_WORK
  const perPrompt = stage.name === 'kto' ? stage.samplesPerPrompt / 2 : 0.5
  const needed = Math.ceil((stage.steps * stage.batchSize) / perPrompt)
  return drawWork(Math.min(texts.trainCases, needed), stage.samplesPerPrompt, texts)
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
