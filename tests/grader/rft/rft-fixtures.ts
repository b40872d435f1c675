/**
 * @file Inputs for RFT graders, and models that answer from a script.
 */
import type { JsonValue } from '../../../src/base/json.ts'
import type { Completion } from '../../../src/eval/completion.ts'
import type { Grade, GradeInput, Grader, GraderModels, JudgeRequest } from '../../../src/eval/grader.ts'

/** What varies between inputs. */
export interface InputParts {
  readonly input?: JsonValue
  readonly expected?: JsonValue
  readonly tags?: readonly string[]
  readonly completion?: Partial<Completion>
  readonly models?: GraderModels
}

/** The input that grading would give for a text. */
export function rftInput(text: string, parts: InputParts = {}): GradeInput {
  const { input = 'q', expected = 'yes', tags = [], completion = {}, models } = parts
  return {
    case: { id: 'c', input, expected, role: 'gate', tags },
    completion: { text, tokenIds: [], logProbs: null, finishReason: 'stop', ...completion },
    parsed: text,
    profile: 'eval',
    models,
  }
}

/** The grade of a text. */
export async function gradeRft(grader: Grader, text: string, parts: InputParts = {}): Promise<Grade> {
  return grader.grade(rftInput(text, parts))
}

/** Models of which each answers with the next of its texts; an Error is thrown. What they were asked is kept. */
export class ScriptedModels implements GraderModels {
  readonly asked: (JudgeRequest & { readonly reference: string })[] = []
  readonly embedded: (readonly [string, readonly string[]])[] = []
  readonly #answers: (string | Error | Partial<Completion>)[]
  readonly #vectors: readonly Float32Array[]

  constructor(answers: readonly (string | Error | Partial<Completion>)[], vectors: readonly Float32Array[] = []) {
    this.#answers = [...answers]
    this.#vectors = vectors
  }

  async complete(reference: string, request: JudgeRequest): Promise<Completion> {
    this.asked.push({ reference, ...request })
    const answer = this.#answers.shift()
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('the script is at its end')
    const given = typeof answer === 'string' ? { text: answer } : answer
    return { text: '', tokenIds: [], logProbs: null, finishReason: 'stop', ...given }
  }

  async embed(reference: string, texts: readonly string[]): Promise<readonly Float32Array[]> {
    this.embedded.push([reference, texts])
    return this.#vectors
  }
}
