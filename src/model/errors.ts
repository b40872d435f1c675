/**
 * @file The failures of finding a model.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** A reference that leads to no model, neither on this machine nor on the hub. */
export class ModelNotFoundError extends defineError('MODEL_NOT_FOUND', ({ reference, reason }: { reference: string; reason: string }) => ({
  summary: `There is no model ${quoteUntrusted(reference, 120)}: ${reason}`,
  where: reference,
  fix: 'give a model directory with config.json, a PEFT adapter directory with adapter_config.json, or a hub id like org/name or org/name@revision',
})) {}

/** An adapter whose base model is not known. */
export class AdapterBaseError extends defineError(
  'ADAPTER_BASE_UNKNOWN',
  ({ directory, problem }: { directory: string; problem: string }) => ({
    summary: `The base model of the adapter cannot be found: ${problem}`,
    where: directory,
    fix: 'name it with --base, or correct base_model_name_or_path in adapter_config.json',
  }),
) {}

/** `HOLDFAST_PRICES` is not a table of prices. */
export class PricesInvalidError extends defineError('PRICES_INVALID', () => ({
  summary: 'The prices of tokens cannot be read',
  where: 'HOLDFAST_PRICES',
  fix: 'write JSON like {"model-name": {"promptPerMillion": 0.5, "completionPerMillion": 1.5}}, or unset it',
})) {}
