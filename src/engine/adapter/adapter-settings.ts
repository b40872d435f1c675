/**
 * @file The settings of adapter_config.json that would change the arithmetic, refused by name. What PEFT 0.21 knows is listed one by one; a setting that
 * is not, and is set, is refused too: an adapter of a newer kind must not pass for plain LoRA. It reads no weights.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { AdapterUnsupportedError } from '../errors.ts'

type Settings = Readonly<Record<string, unknown>>

/** Settings that change the arithmetic when they are set, and how a message calls them. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  use_dora: 'DoRA',
  use_qalora: 'QALoRA',
  use_bdlora: 'block-diagonal LoRA',
  lora_bias: 'a bias on B',
  fan_in_fan_out: 'transposed linear layers (fan_in_fan_out)',
  modules_to_save: 'fully trained modules (modules_to_save)',
  trainable_token_indices: 'trained token embeddings (trainable_token_indices)',
  target_parameters: 'adapted parameters (target_parameters)',
  layer_replication: 'replicated layers (layer_replication)',
  alora_invocation_tokens: 'activated LoRA (alora_invocation_tokens)',
  arrow_config: 'a mixture of adapters (arrow_config)',
  kasa_config: 'KaSA (kasa_config)',
  velora_config: 'VeLoRA (velora_config)',
  monteclora_config: 'MonteCLoRA (monteclora_config)',
  megatron_config: 'layers of Megatron (megatron_config)',
}
/** Settings that are read elsewhere, or matter only while an adapter is trained or found. */
const HARMLESS = new Set([
  ...['peft_type', 'task_type', 'peft_version', 'auto_mapping', 'base_model_name_or_path', 'revision', 'inference_mode', 'runtime_config'],
  ...['r', 'lora_alpha', 'lora_dropout', 'use_rslora', 'rank_pattern', 'alpha_pattern', 'bias', 'init_lora_weights', 'megatron_core'],
  ...['target_modules', 'exclude_modules', 'layers_to_transform', 'layers_pattern', 'ensure_weight_tying', 'qalora_group_size'],
  ...['loftq_config', 'eva_config', 'corda_config', 'lora_ga_config'],
])
/** Initialisations that leave the base as it is. */
const PLAIN_INIT = new Set(['gaussian', 'eva', 'orthogonal', 'mica'])
/** Initialisations that move the base, so that A and B alone do not make the trained model. */
const BASE_CHANGING_INIT = /^(pissa|olora|corda|loftq|lora_ga)/i

/** @throws AdapterUnsupportedError */
export function refuseUnsupportedSettings(path: string, config: Settings): void {
  const refuse = (feature: string): never => {
    throw new AdapterUnsupportedError({ path, feature })
  }
  if (config['peft_type'] !== 'LORA') refuse(`the method ${JSON.stringify(config['peft_type'])}`)
  if ((config['bias'] ?? 'none') !== 'none') refuse(`trained biases (bias: ${JSON.stringify(config['bias'])})`)
  const init = config['init_lora_weights'] ?? true
  const kind = typeof init === 'string' ? init : JSON.stringify(init)
  if (BASE_CHANGING_INIT.test(kind)) refuse(`an initialisation that changes the base (${kind})`)
  if (typeof init !== 'boolean' && !PLAIN_INIT.has(kind.toLowerCase()))
    refuse(`the initialisation ${quoteUntrusted(kind)}, which may change the base`)
  for (const [key, value] of Object.entries(config)) {
    if (!isSet(value) || HARMLESS.has(key)) continue
    refuse(
      (Object.hasOwn(UNSUPPORTED, key) ? UNSUPPORTED[key] : undefined) ?? `the setting ${quoteUntrusted(key)}, which is not known here`,
    )
  }
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
