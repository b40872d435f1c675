/**
 * @file The failures of reading an eval: its shape, its cases, its prompt. Untrusted text in them is quoted.
 */
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

const SHOWN = 8

const SKIP = "onBadRow: 'skip' leaves such rows out and counts them"

/** An eval definition whose members are missing, misspelled or out of range. */
export class EvalInvalidError extends HoldfastError {
  constructor(origin: string, problems: readonly string[]) {
    super({
      code: 'EVAL_INVALID',
      summary: `The eval definition is not usable: ${listShort(problems)}`,
      where: origin,
      fix: 'correct these members of defineEval({ … })',
    })
  }
}

/** Cases whose expected answer a grader cannot use, found before any of them costs anything. */
export class ExpectedUnusableError extends HoldfastError {
  constructor(found: {
    readonly evalName: string
    readonly grader: string
    readonly problems: readonly string[]
    readonly origin: string
  }) {
    super({
      code: 'EXPECTED_UNUSABLE',
      summary: `Grader ${quoteUntrusted(found.grader)} of eval "${found.evalName}" cannot use what cases expect: ${listShort(found.problems)}`,
      where: found.origin,
      fix: 'correct `expected` of these cases',
    })
  }
}

/** An eval that could not tell a right answer from a wrong one. */
export class EvalWithoutGradersError extends HoldfastError {
  constructor(evalName: string, origin: string) {
    super({
      code: 'EVAL_WITHOUT_GRADERS',
      summary: `Eval "${evalName}" has no graders`,
      where: origin,
      fix: 'add at least one grader, for example graders: [graders.exactMatch()]',
    })
  }
}

/** A grader whose settings fit none of the eval's cases: it would pass what it should compare. */
export class GraderCasesError extends HoldfastError {
  constructor(data: { evalName: string; origin: string; grader: string; problem: string; fix: string }) {
    super({
      code: 'GRADER_FITS_NO_CASE',
      summary: `Grader ${quoteUntrusted(data.grader)} of eval "${data.evalName}" cannot work: ${data.problem}`,
      where: data.origin,
      fix: data.fix,
    })
  }
}

/** A cases file that is missing or may not be read. */
export class CasesUnreadableError extends HoldfastError {
  constructor(evalName: string, where: string, cause: unknown) {
    super({
      code: 'CASES_UNREADABLE',
      summary: `The cases of eval "${evalName}" cannot be read`,
      where,
      fix: "check the path: new URL('./cases.jsonl', import.meta.url) is relative to the eval file",
      cause,
    })
  }
}

/** A cases file whose format is not known, or that is not of the format that its name says. */
export class CasesFormatError extends HoldfastError {
  constructor(evalName: string, where: string, problem: string) {
    super({
      code: 'CASES_FORMAT',
      summary: `The cases of eval "${evalName}" are in no format that is read: ${problem}`,
      where,
      fix: 'formats are told by names: .jsonl (.ndjson), .json (a list of rows), .csv, .tsv, each also with .gz behind it, .parquet, or a directory',
    })
  }
}

/** A text file in another encoding than UTF-8, at its first letter that shows it. */
export class CasesEncodingError extends HoldfastError {
  constructor(evalName: string, where: string, line: string) {
    const at = Math.max(0, line.indexOf('\ufffd') - 20)
    super({
      code: 'CASES_ENCODING',
      summary: `The cases of eval "${evalName}" are not UTF-8: ${quoteUntrusted(line.slice(at))}`,
      where,
      fix: "if a spreadsheet on Windows wrote the file, say encoding: 'windows-1252' in the eval, or convert it: iconv -f WINDOWS-1252 -t UTF-8",
    })
  }
}

/** A line of a cases file that is not JSON. */
export class CasesMalformedError extends HoldfastError {
  constructor(evalName: string, where: string, line: string) {
    super({
      code: 'CASES_MALFORMED',
      summary: `A line of the cases of eval "${evalName}" is not JSON: ${quoteUntrusted(line)}`,
      where,
      fix: `write one JSON object per line, without line breaks inside it; ${SKIP}`,
    })
  }
}

/** A table of cases, CSV or Parquet, that is broken or not of that format. */
export class CasesTableError extends HoldfastError {
  constructor(evalName: string, where: string, problem: string) {
    super({
      code: 'CASES_TABLE_BROKEN',
      summary: `The cases of eval "${evalName}" are no readable table: ${quoteUntrusted(problem, 200)}`,
      where,
      fix: `a CSV file has a header and a row per case, quoted where a value holds commas, quotes or line breaks, with quotes doubled: "{""a"": 1}"`,
    })
  }
}

/** A row that is JSON but not a case. */
export class CaseInvalidError extends HoldfastError {
  /** `wrong` may bring a better fix, where the row shows one. */
  constructor(evalName: string, where: string, wrong: readonly string[] | { readonly problems: readonly string[]; readonly fix: string }) {
    const problems = 'fix' in wrong ? wrong.problems : wrong
    super({
      code: 'CASE_INVALID',
      summary: `A row of eval "${evalName}" is not a case: ${listShort(problems)}`,
      where,
      fix:
        'fix' in wrong
          ? wrong.fix
          : `a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; ${SKIP}`,
    })
  }
}

/** An id that two rows have, where they stand, and the members in which they differ. */
export interface RepeatedId {
  readonly id: string
  readonly where: readonly [first: string, second: string]
  readonly differences: readonly string[]
}

/** Two rows that would be taken for the same case. */
export class CaseIdDuplicateError extends HoldfastError {
  constructor(evalName: string, { id, where, differences }: RepeatedId) {
    const kind = differences.length === 0 ? 'which are equal' : `which differ in ${differences.join(', ')}`
    super({
      code: 'CASE_ID_DUPLICATE',
      summary: `Eval "${evalName}" has two cases with the id ${quoteUntrusted(id)}, ${kind}`,
      where: `${where[0]} and ${where[1]}`,
      fix:
        differences.length === 0
          ? "onDuplicate: 'drop' leaves copies out and counts them, 'number' keeps them; rows without an id are named by their content"
          : "give each case an id of its own; onDuplicate: 'number' does that, rows without an id are named by their content",
    })
  }
}

/** A paraphrase that does not say what it paraphrases, or could be trained on. */
export class CaseTwinError extends HoldfastError {
  constructor(evalName: string, where: string, problem: string) {
    super({
      code: 'CASE_TWIN_INVALID',
      summary: `A twin of eval "${evalName}" is not usable: ${problem}`,
      where,
      fix: 'a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself',
    })
  }
}

/** An eval without a single case. */
export class CasesEmptyError extends HoldfastError {
  constructor(evalName: string, where: string, skipped: { readonly count: number; readonly first: readonly string[] }) {
    const left = skipped.count === 0 ? '' : `: all ${skipped.count} rows were left out, first ${skipped.first[0] ?? ''}`
    const fix = skipped.count === 0 ? 'add cases' : 'mend the rows, or map them with fields'
    super({ code: 'CASES_EMPTY', summary: `Eval "${evalName}" has no cases${left}`, where, fix })
  }
}

/** An eval without cases of a role that is needed. */
export class RoleEmptyError extends HoldfastError {
  constructor(evalName: string, role: string, origin: string) {
    super({
      code: 'ROLE_EMPTY',
      summary: `Eval "${evalName}" has no cases with role "${role}"`,
      where: origin,
      fix: `give some cases "role": "${role}"; cases without a role are shared out as 50 % train, 10 % dev, 40 % gate by a hash of their cluster or id`,
    })
  }
}

/** Cases that would be trained on and judged by at once. */
export class CasesSharedError extends HoldfastError {
  constructor(evalName: string, origin: string, pairs: readonly string[]) {
    super({
      code: 'CASES_SHARED',
      summary: `Eval "${evalName}" asks the same in training and in judgement: ${listShort(pairs)}`,
      where: origin,
      fix: "remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space); onDuplicate: 'number' or 'drop' gives rows that ask the same one role",
    })
  }
}

/** A template that names a field which a case does not have. */
export class PromptFieldError extends HoldfastError {
  constructor(where: string, placeholder: string, available: readonly string[]) {
    super({
      code: 'PROMPT_FIELD_UNKNOWN',
      summary: `The prompt uses {{${quoteUntrusted(placeholder).slice(1, -1)}}}, which the case does not have`,
      where,
      fix: available.length === 0 ? 'use {{input}}' : `use one of ${available.map((name) => `{{${name}}}`).join(', ')}`,
    })
  }
}

/** A prompt function that gave something else than messages. */
export class PromptInvalidError extends HoldfastError {
  constructor(where: string, problems: readonly string[]) {
    super({
      code: 'PROMPT_INVALID',
      summary: `The prompt is not a list of messages: ${listShort(problems)}`,
      where,
      fix: 'give messages like { role: "user", content: "…" }; roles are system, user, assistant and tool',
    })
  }
}

/** A prompt function that threw. */
export class PromptThrewError extends HoldfastError {
  constructor(where: string, cause: unknown) {
    super({
      code: 'PROMPT_THREW',
      summary: `The prompt function threw: ${quoteUntrusted(cause instanceof Error ? cause.message : String(cause), 120)}`,
      where,
      fix: "mend the eval's prompt function",
      cause,
    })
  }
}

/** At most eight items, then how many were left out. */
function listShort(items: readonly string[]): string {
  const shown = items.slice(0, SHOWN).join('; ')
  return items.length > SHOWN ? `${shown}; and ${items.length - SHOWN} more` : shown
}
