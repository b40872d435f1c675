/**
 * @file Why an RFT grader gave no number. The codes are the members of OpenAI's error object in upper case.
 */

/** `sample` is to blame when another answer of the model could have been graded. */
export interface RftFailure {
  readonly code:
    | 'SAMPLE_PARSE_ERROR'
    | 'INVALID_VARIABLE_ERROR'
    | 'MODEL_GRADER_PARSE_ERROR'
    | 'MODEL_GRADER_REFUSAL_ERROR'
    | 'MODEL_GRADER_SERVER_ERROR'
    | 'PYTHON_GRADER_RUNTIME_ERROR'
    | 'PYTHON_GRADER_SERVER_ERROR'
    | 'OTHER_ERROR'
    // The codes of parts that are graders of their own keep their names.
    | (string & {})
  readonly message: string
  readonly blame: 'sample' | 'grader'
}

/** A number in the range of its grader, or why there is none. */
export type RftScore = { readonly score: number } | { readonly failure: RftFailure }

/** A failure as a score. */
export function failed(code: RftFailure['code'], message: string, blame: RftFailure['blame'] = 'grader'): { readonly failure: RftFailure } {
  return { failure: { code, message, blame } }
}
