/**
 * @file A grade in the shape in which OpenAI's grader endpoint answered.
 * Source: openai-python, types/fine_tuning/alpha/grader_run_response.py.
 */
import type { Grade, Grader } from '../../eval/grader.ts'

/** What went wrong, as flags; the details say it in words. */
export interface RftErrors {
  readonly formula_parse_error: boolean
  readonly sample_parse_error: boolean
  readonly invalid_variable_error: boolean
  readonly truncated_observation_error: boolean
  readonly unresponsive_reward_error: boolean
  readonly other_error: boolean
  readonly model_grader_parse_error: boolean
  readonly model_grader_refusal_error: boolean
  readonly model_grader_server_error: boolean
  readonly model_grader_server_error_details: string | null
  readonly python_grader_runtime_error: boolean
  readonly python_grader_runtime_error_details: string | null
  readonly python_grader_server_error: boolean
  readonly python_grader_server_error_type: string | null
}

/** The answer of the endpoint. `reward` is null where theirs would be 0 for an error; tokens are not counted per grader. */
export interface RftResult {
  readonly reward: number | null
  readonly sub_rewards: Readonly<Record<string, number | null>>
  readonly model_grader_token_usage_per_model: Readonly<Record<string, never>>
  readonly metadata: {
    readonly name: string
    readonly type: string
    readonly execution_time: number | null
    readonly scores: Readonly<Record<string, number | null>>
    readonly token_usage: null
    readonly sampled_model_name: null
    readonly errors: RftErrors
  }
}

type Flag = Exclude<{ [Name in keyof RftErrors]: RftErrors[Name] extends boolean ? Name : never }[keyof RftErrors], never>

const FLAGS: readonly Flag[] = [
  'formula_parse_error',
  'sample_parse_error',
  'invalid_variable_error',
  'truncated_observation_error',
  'unresponsive_reward_error',
  'model_grader_parse_error',
  'model_grader_refusal_error',
  'model_grader_server_error',
  'python_grader_runtime_error',
  'python_grader_server_error',
]

/** Codes of Holdfast's own that have a flag of another name. What is neither here nor a flag in upper case is `other_error`. */
const OWN_CODES: ReadonlyMap<string, Flag> = new Map([
  ['FORMULA_UNKNOWN_NAME', 'formula_parse_error'],
  ['PARSE_THREW', 'sample_parse_error'],
  ['GRADER_TIMED_OUT', 'unresponsive_reward_error'],
  ['GRADER_MODELS_MISSING', 'model_grader_server_error'],
])

/** The grade as the endpoint would have answered it. `executionTimeS` is known to the caller only. */
export function toRftResult(
  grade: Grade,
  grader: Pick<Grader, 'name' | 'kind' | 'settings'>,
  executionTimeS: number | null = null,
): RftResult {
  const detailsOf = (flag: Flag): string | null => grade.errors.find(({ code }) => flagOf(code) === flag)?.message ?? null
  const flagged = new Set(grade.errors.map(({ code }) => flagOf(code)))
  const flags = Object.fromEntries([...FLAGS, 'other_error' as const].map((flag) => [flag, flagged.has(flag)])) as Record<Flag, boolean>
  return {
    reward: grade.reward,
    sub_rewards: grade.subRewards,
    model_grader_token_usage_per_model: {},
    metadata: {
      name: grader.name,
      type: typeOf(grader),
      execution_time: executionTimeS,
      scores: Object.keys(grade.subRewards).length === 0 ? { [grader.name]: grade.reward } : grade.subRewards,
      token_usage: null,
      sampled_model_name: null,
      errors: {
        ...flags,
        model_grader_server_error_details: detailsOf('model_grader_server_error'),
        python_grader_runtime_error_details: detailsOf('python_grader_runtime_error'),
        python_grader_server_error_type: grade.errors.find(({ code }) => flagOf(code) === 'python_grader_server_error')?.code ?? null,
      },
    },
  }
}

function flagOf(code: string): Flag {
  const own = OWN_CODES.get(code)
  if (own !== undefined) return own
  const same = FLAGS.find((flag) => flag === code.toLowerCase())
  if (same !== undefined) return same
  // The grader that runs Python has codes of its own for what the source did.
  return code.startsWith('PYTHON_') ? 'python_grader_runtime_error' : 'other_error'
}

/** The JSON's type for a grader made from JSON, else the grader's kind. */
function typeOf({ kind, settings }: Pick<Grader, 'kind' | 'settings'>): string {
  if (kind !== 'rft' || typeof settings !== 'object' || settings === null || !('rft' in settings)) return kind
  return (settings as { readonly rft: { readonly type: string } }).rft.type
}
