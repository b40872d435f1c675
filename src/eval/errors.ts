/**
 * @file The failures of reading an eval: its shape, its cases, its prompt. Untrusted text in them is quoted.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

const SHOWN = 8

const SKIP = "onBadRow: 'skip' leaves such rows out and counts them"

/** An eval definition whose members are missing, misspelled or out of range. */
export class EvalInvalidError extends defineError(
  'EVAL_INVALID',
  ({ origin, problems }: { origin: string; problems: readonly string[] }) => ({
    summary: `The eval definition is not usable: ${listShort(problems)}`,
    where: origin,
    fix: 'correct these members of defineEval({ … })',
  }),
) {}

/** Cases whose expected answer a grader cannot use, found before any of them costs anything. */
export class ExpectedUnusableError extends defineError(
  'EXPECTED_UNUSABLE',
  (found: { evalName: string; grader: string; problems: readonly string[]; origin: string }) => ({
    summary: `Grader ${quoteUntrusted(found.grader)} of eval "${found.evalName}" cannot use what cases expect: ${listShort(found.problems)}`,
    where: found.origin,
    fix: 'correct `expected` of these cases',
  }),
) {}

/** An eval that could not tell a right answer from a wrong one. */
export class EvalWithoutGradersError extends defineError(
  'EVAL_WITHOUT_GRADERS',
  ({ evalName, origin }: { evalName: string; origin: string }) => ({
    summary: `Eval "${evalName}" has no graders`,
    where: origin,
    fix: 'add at least one grader, for example graders: [graders.exactMatch()]',
  }),
) {}

/** A grader whose settings fit none of the eval's cases: it would pass what it should compare. */
export class GraderCasesError extends defineError(
  'GRADER_FITS_NO_CASE',
  (data: { evalName: string; origin: string; grader: string; problem: string; fix: string }) => ({
    summary: `Grader ${quoteUntrusted(data.grader)} of eval "${data.evalName}" cannot work: ${data.problem}`,
    where: data.origin,
    fix: data.fix,
  }),
) {}

/** A cases file that is missing or may not be read. */
export class CasesUnreadableError extends defineError('CASES_UNREADABLE', ({ evalName, where }: { evalName: string; where: string }) => ({
  summary: `The cases of eval "${evalName}" cannot be read`,
  where,
  fix: "check the path: new URL('./cases.jsonl', import.meta.url) is relative to the eval file",
})) {}

/** A cases file whose format is not known, or that is not of the format that its name says. */
export class CasesFormatError extends defineError(
  'CASES_FORMAT',
  ({ evalName, where, problem }: { evalName: string; where: string; problem: string }) => ({
    summary: `The cases of eval "${evalName}" are in no format that is read: ${problem}`,
    where,
    fix: 'formats are told by names: .jsonl (.ndjson), .json (a list of rows), .csv, .tsv, each also with .gz behind it, .parquet, or a directory',
  }),
) {}

/** A text file in another encoding than UTF-8, at its first letter that shows it. */
export class CasesEncodingError extends defineError(
  'CASES_ENCODING',
  ({ evalName, where, line }: { evalName: string; where: string; line: string }) => {
    const at = Math.max(0, line.indexOf('\ufffd') - 20)
    return {
      summary: `The cases of eval "${evalName}" are not UTF-8: ${quoteUntrusted(line.slice(at))}`,
      where,
      fix: "if a spreadsheet on Windows wrote the file, say encoding: 'windows-1252' in the eval, or convert it: iconv -f WINDOWS-1252 -t UTF-8",
    }
  },
) {}

/** A line of a cases file that is not JSON. */
export class CasesMalformedError extends defineError(
  'CASES_MALFORMED',
  ({ evalName, where, line }: { evalName: string; where: string; line: string }) => ({
    summary: `A line of the cases of eval "${evalName}" is not JSON: ${quoteUntrusted(line)}`,
    where,
    fix: `write one JSON object per line, without line breaks inside it; ${SKIP}`,
  }),
) {}

/** A table of cases, CSV or Parquet, that is broken or not of that format. */
export class CasesTableError extends defineError(
  'CASES_TABLE_BROKEN',
  ({ evalName, where, problem }: { evalName: string; where: string; problem: string }) => ({
    summary: `The cases of eval "${evalName}" are no readable table: ${quoteUntrusted(problem, 200)}`,
    where,
    fix: `a CSV file has a header and a row per case, quoted where a value holds commas, quotes or line breaks, with quotes doubled: "{""a"": 1}"`,
  }),
) {}

/** A row that is JSON but not a case. `fix` is a better one than the usual, where the row shows one. */
export class CaseInvalidError extends defineError(
  'CASE_INVALID',
  (data: { evalName: string; where: string; problems: readonly string[]; fix?: string | undefined }) => ({
    summary: `A row of eval "${data.evalName}" is not a case: ${listShort(data.problems)}`,
    where: data.where,
    fix:
      data.fix ??
      `a case has input and expected, and may have id, role, tags, cluster, twinOf, chosen, rejected, thumb, turns; the eval's fields map other names; ${SKIP}`,
  }),
) {}

/** An id that two rows have, where they stand, and the members in which they differ. */
export interface RepeatedId {
  readonly id: string
  readonly where: readonly [first: string, second: string]
  readonly differences: readonly string[]
}

/** Two rows that would be taken for the same case. */
export class CaseIdDuplicateError extends defineError(
  'CASE_ID_DUPLICATE',
  ({ evalName, id, where, differences }: RepeatedId & { evalName: string }) => {
    const kind = differences.length === 0 ? 'which are equal' : `which differ in ${differences.join(', ')}`
    return {
      summary: `Eval "${evalName}" has two cases with the id ${quoteUntrusted(id)}, ${kind}`,
      where: `${where[0]} and ${where[1]}`,
      fix:
        differences.length === 0
          ? "onDuplicate: 'drop' leaves copies out and counts them, 'number' keeps them; rows without an id are named by their content"
          : "give each case an id of its own; onDuplicate: 'number' does that, rows without an id are named by their content",
    }
  },
) {}

/** A paraphrase that does not say what it paraphrases, or could be trained on. */
export class CaseTwinError extends defineError(
  'CASE_TWIN_INVALID',
  ({ evalName, where, problem }: { evalName: string; where: string; problem: string }) => ({
    summary: `A twin of eval "${evalName}" is not usable: ${problem}`,
    where,
    fix: 'a twin has role "twin" and names in twinOf a case of the same eval that is no twin itself',
  }),
) {}

/** An eval without a single case. */
export class CasesEmptyError extends defineError(
  'CASES_EMPTY',
  ({ evalName, where, count, first }: { evalName: string; where: string; count: number; first: readonly string[] }) => {
    const left = count === 0 ? '' : `: all ${count} rows were left out, first ${first[0] ?? ''}`
    const fix = count === 0 ? 'add cases' : 'mend the rows, or map them with fields'
    return { summary: `Eval "${evalName}" has no cases${left}`, where, fix }
  },
) {}

/** An eval without cases of a role that is needed. */
export class RoleEmptyError extends defineError(
  'ROLE_EMPTY',
  ({ evalName, role, origin }: { evalName: string; role: string; origin: string }) => ({
    summary: `Eval "${evalName}" has no cases with role "${role}"`,
    where: origin,
    fix: `give some cases "role": "${role}"; cases without a role are shared out as 50 % train, 10 % dev, 40 % gate by a hash of their cluster or id`,
  }),
) {}

/** Cases that would be trained on and judged by at once. */
export class CasesSharedError extends defineError(
  'CASES_SHARED',
  ({ evalName, origin, pairs }: { evalName: string; origin: string; pairs: readonly string[] }) => ({
    summary: `Eval "${evalName}" asks the same in training and in judgement: ${listShort(pairs)}`,
    where: origin,
    fix: "remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space); onDuplicate: 'number' or 'drop' gives rows that ask the same one role",
  }),
) {}

/** A template that names a field which a case does not have. */
export class PromptFieldError extends defineError(
  'PROMPT_FIELD_UNKNOWN',
  ({ where, placeholder, available }: { where: string; placeholder: string; available: readonly string[] }) => ({
    summary: `The prompt uses {{${quoteUntrusted(placeholder).slice(1, -1)}}}, which the case does not have`,
    where,
    fix: available.length === 0 ? 'use {{input}}' : `use one of ${available.map((name) => `{{${name}}}`).join(', ')}`,
  }),
) {}

/** A prompt function that gave something else than messages. */
export class PromptInvalidError extends defineError(
  'PROMPT_INVALID',
  ({ where, problems }: { where: string; problems: readonly string[] }) => ({
    summary: `The prompt is not a list of messages: ${listShort(problems)}`,
    where,
    fix: 'give messages like { role: "user", content: "…" }; roles are system, user, assistant and tool',
  }),
) {}

/** A prompt function that threw. */
export class PromptThrewError extends defineError('PROMPT_THREW', ({ where, reason }: { where: string; reason: string }) => ({
  summary: `The prompt function threw: ${quoteUntrusted(reason, 120)}`,
  where,
  fix: "mend the eval's prompt function",
})) {}

/** At most eight items, then how many were left out. */
function listShort(items: readonly string[]): string {
  const shown = items.slice(0, SHOWN).join('; ')
  return items.length > SHOWN ? `${shown}; and ${items.length - SHOWN} more` : shown
}
