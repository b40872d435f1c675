/**
 * @file Lengths of prompts and answers in tokens, as estimates need them: mean and longest. Pure.
 */
import type { Message } from '../eval/completion.ts'
import type { TokenCounter } from './estimate-base.ts'

/** Mean and longest of some texts, in tokens; zero where there are none. */
export interface TextLengths {
  readonly count: number
  readonly mean: number
  readonly longest: number
}

/** Lengths of a training's texts. */
export interface ExampleLengths {
  readonly prompts: TextLengths
  /** Demonstrations, chosen and rejected answers, answers with thumbs; count 0 where the method draws its own. */
  readonly answers: TextLengths
  /** Examples that completions are drawn of. */
  readonly promptsToDraw: number
}

/** An example of a training as far as its texts go. */
export type MeasuredExample = { readonly messages: readonly Message[] } & (
  | { readonly type: 'prompt' }
  | { readonly type: 'pair'; readonly chosen: string; readonly rejected: string }
  | { readonly type: 'demonstration' | 'thumb'; readonly completion: string }
)

/** Measures a training's examples. */
export function measureExamples(examples: readonly MeasuredExample[], counter: TokenCounter): ExampleLengths {
  return {
    prompts: lengthsOf(examples.map((example) => counter.prompt(example.messages))),
    answers: lengthsOf(examples.flatMap(answersOf).map((answer) => counter.answer(answer))),
    promptsToDraw: examples.filter((example) => example.type === 'prompt').length,
  }
}

/** Measures prompts alone. */
export function measurePrompts(prompts: readonly (readonly Message[])[], counter: TokenCounter): TextLengths {
  return lengthsOf(prompts.map((messages) => counter.prompt(messages)))
}

/** Measures answers alone. */
export function measureAnswers(answers: readonly string[], counter: TokenCounter): TextLengths {
  return lengthsOf(answers.map((answer) => counter.answer(answer)))
}

function answersOf(example: MeasuredExample): string[] {
  if (example.type === 'prompt') return []
  return example.type === 'pair' ? [example.chosen, example.rejected] : [example.completion]
}

function lengthsOf(counts: readonly number[]): TextLengths {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return { count: counts.length, mean: counts.length === 0 ? 0 : total / counts.length, longest: Math.max(0, ...counts) }
}
