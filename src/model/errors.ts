/**
 * @file The failures of finding a model.
 */
import { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** A reference that leads to no model, neither on this machine nor on the hub. */
export class ModelNotFoundError extends HoldfastError {
  constructor(reference: string, reason: string, cause?: unknown) {
    super({
      code: 'MODEL_NOT_FOUND',
      summary: `There is no model ${quoteUntrusted(reference, 120)}: ${reason}`,
      where: reference,
      fix: 'give a model directory with config.json, a PEFT adapter directory with adapter_config.json, or a hub id like org/name or org/name@revision',
      cause,
    })
  }
}

/** An adapter whose base model is not known. */
export class AdapterBaseError extends HoldfastError {
  constructor(directory: string, problem: string, cause?: unknown) {
    super({
      code: 'ADAPTER_BASE_UNKNOWN',
      summary: `The base model of the adapter cannot be found: ${problem}`,
      where: directory,
      fix: 'name it with --base, or correct base_model_name_or_path in adapter_config.json',
      cause,
    })
  }
}

/** `HOLDFAST_PRICES` is not a table of prices. */
export class PricesInvalidError extends HoldfastError {
  constructor(cause?: unknown) {
    super({
      code: 'PRICES_INVALID',
      summary: 'The prices of tokens cannot be read',
      where: 'HOLDFAST_PRICES',
      fix: 'write JSON like {"model-name": {"promptPerMillion": 0.5, "completionPerMillion": 1.5}}, or unset it',
      cause,
    })
  }
}
