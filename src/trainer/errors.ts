/**
 * @file Failures of trainers that a caller can act on.
 */
import { displayPath } from '../base/display-path.ts'
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** Too many completions could not be graded: rewards that are missing at random teach the wrong thing. */
export class RewardErrorsError extends HoldfastError {
  readonly failed: number
  readonly graded: number

  constructor(data: { failed: number; graded: number; round: string; arm: string }) {
    super({
      code: 'REWARD_ERRORS',
      summary: `Training stopped: ${data.failed} of ${data.graded} completions could not be graded, a tenth is the limit`,
      where: `round "${data.round}", arm "${data.arm}"`,
      fix: 'make the graders of this eval return a reward for every completion; `holdfast eval` shows which errors they give',
    })
    this.failed = data.failed
    this.graded = data.graded
  }
}

/** A trainer was asked for something that it cannot do. */
export class TrainerRefusedError extends HoldfastError {
  constructor(data: { where: string; reason: string }) {
    super({
      code: 'TRAINER_REFUSED',
      summary: `The training cannot be run: ${data.reason}`,
      where: data.where,
      fix: 'change the arm as the sentence says, or name another trainer with --trainer',
    })
  }
}

/** The base of a run is an adapter, not a whole model. */
export class AdapterAsBaseError extends HoldfastError {
  constructor(reference: string) {
    super({
      code: 'BASE_IS_ADAPTER',
      summary: `The base ${quoteUntrusted(reference)} is an adapter; rounds start from a whole model`,
      where: reference,
      fix: 'name the model that the adapter was trained on, or merge the adapter into it first',
    })
  }
}

/** The trainer's machine lacks what the suite asks of it. */
export class TrainerDeviceError extends HoldfastError {
  constructor(host: string, what: string, fix: string) {
    super({ code: 'TRAINER_DEVICE', summary: `The trainer cannot run as asked: ${what}`, where: host, fix })
  }
}

/** A model that names no token to end an answer with. */
export class StopTokenMissingError extends HoldfastError {
  constructor(directory: string) {
    super({
      code: 'STOP_TOKEN_MISSING',
      summary: 'The model names no token that ends an answer (eos_token_id)',
      where: displayPath(directory),
      fix: 'name it in generation_config.json or config.json',
    })
  }
}

/** A dry run was asked for a card that is not in the table, or of a trainer that uses none. */
export class CardUnknownError extends HoldfastError {
  constructor(data: { readonly card: string; readonly known: readonly string[] } | { readonly trainer: string; readonly instead: string }) {
    super({
      code: 'CARD_UNKNOWN',
      summary: 'card' in data ? `There are no figures of a card ${quoteUntrusted(data.card)}` : `The ${data.trainer} trainer uses no card`,
      where: '--dry-run',
      fix: 'card' in data ? `name one of: ${data.known.join(', ')}` : `add --trainer ${data.instead}, or leave the card out`,
    })
  }
}
