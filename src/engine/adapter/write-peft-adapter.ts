/**
 * @file Writes a LoRA adapter as PEFT does, so that PEFT, TRL and vLLM load it unchanged. Equal adapters give equal bytes.
 */
import { join } from 'node:path'
import { writeWholeFile } from '../../base/whole-file.ts'
import { writeSafetensors } from '../checkpoint/safetensors.ts'
import type { TensorValues } from '../checkpoint/safetensors.ts'
import type { LoraMatrices } from './lora-matrices.ts'

/**
 * Writes the weights first and the configuration last: a directory with `adapter_config.json` is complete.
 * @throws DiskFullError, FileWriteError
 */
export function writePeftAdapter(directory: string, adapter: LoraMatrices, baseModelName: string | null = null): void {
  const tensors = new Map<string, TensorValues>()
  for (const [name, { a, b }] of adapter.pairs) {
    tensors.set(`base_model.model.${name}.lora_A.weight`, { shape: [adapter.rank, a.length / adapter.rank], values: a })
    tensors.set(`base_model.model.${name}.lora_B.weight`, { shape: [b.length / adapter.rank, adapter.rank], values: b })
  }
  writeSafetensors(join(directory, 'adapter_model.safetensors'), tensors)
  writeWholeFile(join(directory, 'adapter_config.json'), `${JSON.stringify(peftConfig(adapter, baseModelName), null, 2)}\n`)
}

/** The fields that PEFT needs to build the adapter; it fills every other one with its default. */
function peftConfig(adapter: LoraMatrices, baseModelName: string | null): Record<string, unknown> {
  return {
    base_model_name_or_path: baseModelName,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: adapter.rank,
    target_modules: [...adapter.targets].toSorted(),
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  }
}
