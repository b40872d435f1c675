/**
 * @file Failures of trainers that a caller can act on.
 */
import { displayPath } from '../base/display-path.ts'
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** Too many completions could not be graded: rewards that are missing at random teach the wrong thing. */
export class RewardErrorsError extends defineError(
  'REWARD_ERRORS',
  (data: { failed: number; graded: number; round: string; arm: string }) => ({
    summary: `Training stopped: ${data.failed} of ${data.graded} completions could not be graded, a tenth is the limit`,
    where: `round "${data.round}", arm "${data.arm}"`,
    fix: 'make the graders of this eval return a reward for every completion; `holdfast eval` shows which errors they give',
  }),
) {}

/** A trainer was asked for something that it cannot do. */
export class TrainerRefusedError extends defineError('TRAINER_REFUSED', (data: { where: string; reason: string }) => ({
  summary: `The training cannot be run: ${data.reason}`,
  where: data.where,
  fix: 'change the arm as the sentence says, or name another trainer with --trainer',
})) {}

/** The base of a run is an adapter, not a whole model. */
export class AdapterAsBaseError extends defineError('BASE_IS_ADAPTER', ({ reference }: { reference: string }) => ({
  summary: `The base ${quoteUntrusted(reference)} is an adapter; rounds start from a whole model`,
  where: reference,
  fix: 'name the model that the adapter was trained on, or merge the adapter into it first',
})) {}

/** The trainer's machine lacks what the suite asks of it. */
export class TrainerDeviceError extends defineError(
  'TRAINER_DEVICE',
  ({ host, what, fix }: { host: string; what: string; fix: string }) => ({
    summary: `The trainer cannot run as asked: ${what}`,
    where: host,
    fix,
  }),
) {}

/** A model that names no token to end an answer with. */
export class StopTokenMissingError extends defineError('STOP_TOKEN_MISSING', ({ directory }: { directory: string }) => ({
  summary: 'The model names no token that ends an answer (eos_token_id)',
  where: displayPath(directory),
  fix: 'name it in generation_config.json or config.json',
})) {}

/** A dry run was asked for a card that is not in the table, or of a trainer that uses none. */
export class CardUnknownError extends defineError(
  'CARD_UNKNOWN',
  (data: { card: string; known: readonly string[] } | { trainer: string; instead: string }) => ({
    summary: 'card' in data ? `There are no figures of a card ${quoteUntrusted(data.card)}` : `The ${data.trainer} trainer uses no card`,
    where: '--dry-run',
    fix: 'card' in data ? `name one of: ${data.known.join(', ')}` : `add --trainer ${data.instead}, or leave the card out`,
  }),
) {}
