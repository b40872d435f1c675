/**
 * @file The grader JSON of OpenAI's reinforcement fine-tuning, as types. Member names are theirs.
 * Source: the openai-python SDK's types of 2026-08 and the graders guide.
 */
import type { TextMetric } from '../similarity/text-metric.ts'

/** The model's text and the case's expected answer, as templates name them. */
export const RFT_SAMPLE = '{{sample.output_text}}'
export const RFT_EXPECTED = '{{item.expected}}'

/** 1 or 0 by comparing two texts. `like`: the input contains the reference; `ilike`: in any letter case. */
export interface RftStringCheck {
  readonly type: 'string_check'
  readonly name: string
  readonly input: string
  readonly reference: string
  readonly operation: 'eq' | 'ne' | 'like' | 'ilike'
}

/** How alike two texts are, 0 to 1. */
export interface RftTextSimilarity {
  readonly type: 'text_similarity'
  readonly name: string
  readonly input: string
  readonly reference: string
  readonly evaluation_metric: TextMetric | 'cosine'
  readonly pass_threshold?: number | undefined
}

/** A part of a message's content. Images and audio are not accepted. */
export interface RftTextPart {
  readonly type: 'input_text' | 'output_text' | 'text'
  readonly text: string
}

/** One message to a judge; its texts are templates. */
export interface RftMessage {
  readonly type?: 'message' | undefined
  readonly role: 'user' | 'assistant' | 'system' | 'developer'
  readonly content: string | RftTextPart | readonly RftTextPart[]
}

/** How a judge draws its answer. */
export interface RftSampling {
  readonly temperature?: number | undefined
  readonly top_p?: number | undefined
  readonly seed?: number | undefined
  readonly max_completions_tokens?: number | undefined
  readonly reasoning_effort?: string | undefined
}

/** A judge that gives a number. */
export interface RftScoreModel {
  readonly type: 'score_model'
  readonly name: string
  readonly model: string
  readonly input: readonly RftMessage[]
  readonly range?: readonly [number, number] | undefined
  readonly sampling_params?: RftSampling | undefined
  readonly pass_threshold?: number | undefined
}

/** A judge that chooses a label: 1 for a passing one, else 0. */
export interface RftLabelModel {
  readonly type: 'label_model'
  readonly name: string
  readonly model: string
  readonly input: readonly RftMessage[]
  readonly labels: readonly string[]
  readonly passing_labels: readonly string[]
  readonly sampling_params?: RftSampling | undefined
}

/** Python source with `def grade(sample, item) -> float`. */
export interface RftPython {
  readonly type: 'python'
  readonly name: string
  readonly source: string
  readonly image_tag?: string | undefined
  readonly pass_threshold?: number | undefined
}

export type RftLeaf = RftStringCheck | RftTextSimilarity | RftScoreModel | RftLabelModel | RftPython

/** Arithmetic over other graders by their keys. */
export interface RftMulti {
  readonly type: 'multi'
  readonly name: string
  readonly graders: Readonly<Record<string, RftLeaf>>
  readonly calculate_output: string
}

export type RftGrader = RftLeaf | RftMulti
