/**
 * @file Makes a grader from the grader JSON of OpenAI's reinforcement fine-tuning.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Grade, Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { gradeOf } from '../grade-result.ts'
import { withCallSite } from '../options/call-site.ts'
import { ABOVE_ZERO, byName, checkOptions, choice, COMMON, FLAG, FUNCTION, optionProblems, TEXT } from '../options/check-options.ts'
import { RftInvalidError } from './errors.ts'
import { labelModelLeaf, scoreModelLeaf } from './judge-leaf.ts'
import { isServerReference } from '../../model/chat/server-reference.ts'
import { modelReference } from './leaf.ts'
import type { Leaf, LeafOptions, PartedScore, Prepared, PythonGrader } from './leaf.ts'
import { prepareMulti } from './multi.ts'
import { python } from '../python.ts'
import { pythonLeaf } from './python-leaf.ts'
import type { RftFailure, RftScore } from './rft-failure.ts'
import type { RftGrader, RftLeaf } from './rft-json.ts'
import { rftGraderSchema } from './rft-schema.ts'
import { templateValues } from './template-values.ts'
import { stringCheckLeaf, textSimilarityLeaf } from './text-leaf.ts'
import type { GraderCard } from '../grader-card.ts'

/** What happens where a grader gives no number: no reward; 0 where the model's answer is to blame; or always 0, as OpenAI does. */
export type RftErrorPolicy = 'ungraded' | 'zero-for-sample' | 'zero'

/** Settings of `fromRft`: what the JSON does not say. */
export interface RftOptions {
  /** Default: the JSON's name. */
  readonly name?: string
  readonly weight?: number
  /** Models by the names in the JSON, as `--model` takes them. A name that is not here is taken as it is. */
  readonly models?: Readonly<Record<string, string>>
  /** The model whose vectors the metric `cosine` compares. */
  readonly embeddings?: string
  /** Default `ungraded`: a gate must not take a broken grader for a wrong answer. */
  readonly onError?: RftErrorPolicy
  /** `apply`: the reward is 1 from pass_threshold on, else 0. Default `ignore`: the reward is the score. */
  readonly passThreshold?: 'ignore' | 'apply'
  /** Takes a label_model that is no part of a multi, which RFT does not. Default false. */
  readonly allowLabelModel?: boolean
  /** How long judges and programs may take over one completion. Default 120,000, as there. */
  readonly timeoutMs?: number
  /** Makes the grader that runs Python source. */
  readonly python?: PythonGrader
}

/**
 * A grader that gives what the JSON's grader gives, scaled to 0 to 1; docs/rft-graders.md lists the differences.
 * Errors have the codes of OpenAI's error object in upper case and, by default, no reward.
 * @throws RftInvalidError, RftVariableError, FormulaParseError, GraderOptionsError
 */
export function fromRft(json: unknown, options: RftOptions = {}): Grader {
  checkOptions<RftOptions>('fromRft(json, …)', options, {
    ...COMMON,
    models: byName(TEXT, "{ 'gpt-4o': 'http://host:8000/v1#judge' }").optional(),
    embeddings: TEXT.optional(),
    onError: choice('ungraded', 'zero-for-sample', 'zero').optional(),
    passThreshold: choice('ignore', 'apply').optional(),
    allowLabelModel: FLAG.optional(),
    timeoutMs: ABOVE_ZERO.optional(),
    python: FUNCTION.optional(),
  })
  const rft = readRft(json, options)
  const policy = options.onError ?? 'ungraded'
  const prepared = prepare(rft, leafOptions(options), policy)
  const threshold = options.passThreshold === 'apply' && 'pass_threshold' in rft ? (rft.pass_threshold ?? null) : null
  const reward = (score: number): number => {
    if (threshold !== null) return score >= threshold ? 1 : 0
    const [low, high] = prepared.range
    return Math.min(1, Math.max(0, (score - low) / (high - low)))
  }
  return builtIn({
    name: options.name ?? rft.name,
    kind: 'rft',
    version: 1,
    settings: settingsOf(rft, options),
    ...askedModels(rft, leafOptions(options)),
    traits: { asksModel: leavesOf(rft).some(asksModel) },
    weight: options.weight,
    timeoutMs: prepared.timeoutMs,
    grade(input) {
      const given = prepared.score({ input, values: templateValues(input.case, input.completion) })
      return given instanceof Promise ? given.then((score) => toGrade(score, reward, policy)) : toGrade(given, reward, policy)
    },
  })
}

/** The checked JSON. @throws RftInvalidError */
function readRft(json: unknown, options: RftOptions): RftGrader {
  const parsed = rftGraderSchema.safeParse(json)
  const where = withCallSite(options.name === undefined ? 'fromRft(…)' : `fromRft(…) of ${quoteUntrusted(options.name)}`)
  if (!parsed.success) throw new RftInvalidError({ where, problems: optionProblems(parsed.error, ': ') })
  if (parsed.data.type === 'label_model' && options.allowLabelModel !== true)
    throw new RftInvalidError({
      where,
      problems: ['type: label_model is no grader of its own in RFT; put it into a multi, or set allowLabelModel'],
    })
  return parsed.data
}

function leafOptions(options: RftOptions): LeafOptions {
  return {
    models: options.models ?? {},
    embeddings: options.embeddings ?? null,
    timeoutMs: options.timeoutMs ?? 120_000,
    python: options.python ?? python,
  }
}

function leavesOf(rft: RftGrader): readonly RftLeaf[] {
  return rft.type === 'multi' ? Object.values(rft.graders) : [rft]
}

function asksModel(leaf: RftLeaf): boolean {
  return (
    leaf.type === 'score_model' || leaf.type === 'label_model' || (leaf.type === 'text_similarity' && leaf.evaluation_metric === 'cosine')
  )
}

/** The models of judges and vectors, by the references that they are asked under. */
function askedModels(rft: RftGrader, options: LeafOptions): { readonly models?: readonly string[] } {
  const models = leavesOf(rft).flatMap((leaf) => {
    if (leaf.type === 'score_model' || leaf.type === 'label_model') return [modelReference(options, leaf.model)]
    return leaf.type === 'text_similarity' &&
      leaf.evaluation_metric === 'cosine' &&
      options.embeddings !== null &&
      !isServerReference(options.embeddings)
      ? [options.embeddings]
      : []
  })
  return models.length === 0 ? {} : { models: [...new Set(models)] }
}

function prepare(rft: RftGrader, options: LeafOptions, policy: RftErrorPolicy): Prepared {
  const where = `RFT grader ${quoteUntrusted(rft.name)}`
  if (rft.type === 'multi') {
    const leaves = Object.entries(rft.graders).map(
      ([key, part]) => [key, makeLeaf(part, options, `${where}, part ${quoteUntrusted(key)}`)] as const,
    )
    return prepareMulti({ leaves, expression: rft.calculate_output, where, becomesZero: (failure) => becomesZero(failure, policy) })
  }
  const leaf = makeLeaf(rft, options, where)
  const parted = (result: RftScore): PartedScore => ({
    result,
    // A score on another scale than the reward's is kept beside it.
    parts: leaf.range[0] === 0 && leaf.range[1] === 1 ? {} : { [rft.name]: 'score' in result ? result.score : null },
    errors: 'failure' in result ? [result.failure] : [],
  })
  return {
    range: leaf.range,
    timeoutMs: leaf.timeoutMs,
    score: (input) => {
      const given = leaf.score(input)
      return given instanceof Promise ? given.then(parted) : parted(given)
    },
  }
}

function makeLeaf(json: RftLeaf, options: LeafOptions, where: string): Leaf {
  switch (json.type) {
    case 'string_check':
      return stringCheckLeaf(json, options, where)
    case 'text_similarity':
      return textSimilarityLeaf(json, options, where)
    case 'score_model':
      return scoreModelLeaf(json, options, where)
    case 'label_model':
      return labelModelLeaf(json, options, where)
    case 'python':
      return pythonLeaf(json, options, where)
  }
}

function toGrade({ result, parts, errors }: PartedScore, reward: (score: number) => number, policy: RftErrorPolicy): Grade {
  const told = errors.map(({ code, message }) => ({ code, message }))
  if ('score' in result) return gradeOf(reward(result.score), { subRewards: parts, errors: told })
  return { ...gradeOf(0), reward: becomesZero(result.failure, policy) ? 0 : null, subRewards: parts, errors: told }
}

function becomesZero({ blame }: RftFailure, policy: RftErrorPolicy): boolean {
  return policy === 'zero' || (policy === 'zero-for-sample' && blame === 'sample')
}

/** What decides the grades, without members that are undefined. */
function settingsOf(rft: RftGrader, options: RftOptions): JsonValue {
  const settings = {
    rft,
    onError: options.onError ?? 'ungraded',
    passThreshold: options.passThreshold ?? 'ignore',
    models: options.models ?? {},
    embeddings: options.embeddings ?? null,
  }
  return JSON.parse(JSON.stringify(settings)) as JsonValue
}

export const fromRftCard: GraderCard<typeof fromRft> = {
  make: fromRft,
  family: 'own',
  compares: '[RFT grader JSON](rft-graders.md)',
  expected: 'read by its templates',
  rewardDemands: 'nothing more',
  partialCredit: 'as its JSON',
  example: {
    make: () =>
      fromRft({ type: 'string_check', name: 'same', input: '{{sample.output_text}}', reference: '{{item.expected}}', operation: 'eq' }),
    expected: 'yes',
    right: 'yes',
    wrong: 'no',
  },
}
