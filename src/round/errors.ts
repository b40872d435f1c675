/**
 * @file Why a run cannot start or go on.
 */
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** The run was stopped from outside; everything finished so far is on disk. */
export class RunInterruptedError extends defineError('RUN_INTERRUPTED', ({ directory }: { directory: string }) => ({
  summary: 'The run was stopped',
  where: directory,
  fix: 'go on with `holdfast run … --resume`',
})) {}

/** An evaluation was stopped from outside; the answers that came are on disk. */
export class EvaluationInterruptedError extends defineError('EVAL_INTERRUPTED', ({ directory }: { directory: string }) => ({
  summary: 'The evaluation was stopped',
  where: displayPath(directory),
  fix: 'go on with `holdfast eval … --resume`, or evaluateEval({ resume: true })',
})) {}

/** There is no interrupted evaluation to go on with. */
export class NoEvaluationToResumeError extends defineError(
  'EVAL_NOTHING_TO_RESUME',
  (data: { directory: string; evalName: string; isRunning: boolean }) => ({
    summary: data.isRunning
      ? `The interrupted evaluation of ${quoteUntrusted(data.evalName)} is gone on with by another process already`
      : `There is no interrupted evaluation of ${quoteUntrusted(data.evalName)} on this model with these roles, limit, seed and sampling`,
    where: displayPath(data.directory),
    fix: data.isRunning ? 'wait for it, or start a new evaluation without --resume' : 'start a new evaluation without --resume',
  }),
) {}

/** There is no unfinished run to go on with. */
export class NothingToResumeError extends defineError(
  'NOTHING_TO_RESUME',
  (data: { directory: string; suite: string; run?: string | undefined }) => ({
    summary:
      data.run === undefined
        ? `Suite ${quoteUntrusted(data.suite)} has no unfinished run`
        : `There is no run ${quoteUntrusted(data.run)} of suite ${quoteUntrusted(data.suite)}`,
    where: data.directory,
    fix: 'start a new run without --resume',
  }),
) {}

/** A target named on the command line is no feature of the suite. */
export class TargetUnknownError extends defineError(
  'TARGET_UNKNOWN',
  (data: { file: string; target: string; features: readonly string[] }) => ({
    summary: `The suite has no feature ${quoteUntrusted(data.target)}`,
    where: data.file,
    fix: `name one of its features: ${data.features.join(', ')}`,
  }),
) {}

/** An eval has no cases of the roles asked for. */
export class NoCasesError extends defineError('NO_CASES', (data: { evalName: string; file: string; roles: readonly string[] }) => ({
  summary: `Eval ${quoteUntrusted(data.evalName)} has no cases of role ${data.roles.join(' or ')}`,
  where: data.file,
  fix: 'give some cases that role, or name another with --roles',
})) {}

/** Training examples that are longer than the base has positions. */
export class ExamplesTooLongError extends defineError(
  'EXAMPLES_TOO_LONG',
  (data: {
    file: string
    arm: string
    feature: string
    maxPositions: number
    long: readonly { readonly caseId: string; readonly tokens: number }[]
  }) => {
    const shown = data.long.slice(0, 3).map(({ caseId, tokens }) => `${quoteUntrusted(caseId)} (${tokens} tokens)`)
    const more = data.long.length > shown.length ? ` and ${data.long.length - shown.length} more` : ''
    return {
      summary: `Arm ${quoteUntrusted(data.arm)} cannot be trained on eval ${quoteUntrusted(data.feature)}: the base has ${data.maxPositions} positions, and with their answers these cases need more: ${shown.join(', ')}${more}`,
      where: data.file,
      fix: 'shorten or remove these training cases, lower sampling.maxNewTokens where answers are drawn, or take a base with a longer context',
    }
  },
) {}

/** A grader that should reward an arm passes answers that are none. */
export class RewardHoleError extends defineError(
  'REWARD_HOLE',
  (data: { file: string; feature: string; arms: readonly string[]; holes: readonly string[] }) => ({
    summary: `The graders of eval ${quoteUntrusted(data.feature)} cannot reward ${data.arms.join(', ')}: ${data.holes.join('; ')}`,
    where: data.file,
    fix: `mend the grader (\`npx holdfast check-graders ${data.feature}\` shows more), make it an audit grader, or insist with hacking: 'unguarded'`,
  }),
) {}

/** Answers that an arm would be trained on as right ones get nothing from the eval's own graders. */
export class DemonstrationsFailError extends defineError(
  'DEMONSTRATIONS_FAIL',
  (data: { file: string; feature: string; arm: string; graded: number; cases: readonly string[] }) => {
    const more = data.cases.length > 5 ? ` and ${data.cases.length - 5} more` : ''
    const shown = data.cases
      .slice(0, 5)
      .map((id) => quoteUntrusted(id))
      .join(', ')
    return {
      summary: `Arm ${quoteUntrusted(data.arm)} would learn answers that the graders of eval ${quoteUntrusted(data.feature)} give 0: ${data.cases.length} of ${data.graded}, cases ${shown}${more}`,
      where: data.file,
      fix: `mend the answers or the grader (\`npx holdfast check-graders ${data.feature}\` shows more), give these cases another role, or insist with hacking: 'unguarded'`,
    }
  },
) {}
