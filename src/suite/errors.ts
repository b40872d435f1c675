/**
 * @file What can be wrong with a suite file.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { defineError } from '../base/errors.ts'

/** A suite file's content does not have the shape of a suite. */
export class SuiteInvalidError extends defineError('SUITE_INVALID', (data: { file: string; problems: readonly string[] }) => ({
  summary: `The suite cannot be used: ${data.problems.join('; ')}`,
  where: data.file,
  fix: 'correct these settings: docs/methods.md documents those of methods, `SuiteOptions` the others',
})) {}

/** An arm, feature or budget was asked for by a name that the suite does not have. */
export class SuiteNameUnknownError extends defineError(
  'SUITE_NAME_UNKNOWN',
  (data: { file: string; kind: 'arm' | 'feature' | 'budget'; name: string; known: readonly string[] }) => ({
    summary: `The suite has no ${data.kind} ${quoteUntrusted(data.name)}`,
    where: data.file,
    fix: data.known.length === 0 ? `add a ${data.kind} to the suite` : `use one of: ${data.known.join(', ')}`,
  }),
) {}

/** The command line sets an option that the trainer does not take from it. */
export class TrainerFlagError extends defineError(
  'TRAINER_FLAG',
  (data: { trainer: string; flags: readonly string[]; options: readonly string[]; others: readonly string[] }) => {
    const flags = data.flags.map((flag) => `--${flag}`)
    const write = data.options.length === 0 ? [] : [`write ${data.options.join(' and ')} in ${data.trainer}({ … })`]
    const change = data.others.length === 0 ? [] : [`add --trainer ${data.others.join(' or ')}`]
    return {
      summary: `The ${data.trainer} trainer takes no ${flags.join(' and no ')}`,
      where: flags.join(' '),
      fix: [...write, ...change, `leave ${flags.join(' and ')} out`].join(', or '),
    }
  },
) {}

/** One eval's training cases ask what another eval of the suite is judged by. */
export class SuiteCasesSharedError extends defineError(
  'SUITE_CASES_SHARED',
  ({ file, pairs }: { file: string; pairs: readonly string[] }) => {
    const shown = pairs.slice(0, 8).join('; ')
    return {
      summary: `Evals of the suite ask the same in training and in judgement: ${shown}${pairs.length > 8 ? `; and ${pairs.length - 8} more` : ''}`,
      where: file,
      fix: 'remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space)',
    }
  },
) {}

/** An arm is rewarded by graders on an eval that nothing else watches: a gamed reward could not be told from a learned feature. */
export class SuiteUnguardedError extends defineError(
  'SUITE_UNGUARDED',
  ({ file, found }: { file: string; found: readonly { readonly feature: string; readonly arms: readonly string[] }[] }) => {
    const named = found.map(({ feature, arms }) => `"${feature}" (${arms.length === 1 ? 'arm' : 'arms'} ${arms.join(', ')})`).join(', ')
    return {
      summary: `Graders are the reward on evals with neither twins nor audit graders: ${named}`,
      where: file,
      fix: 'add cases with role "twin" (a paraphrase or another number, twinOf a dev case) or auditGraders to these evals; to train without, set hacking: \'unguarded\' in the suite',
    }
  },
) {}
