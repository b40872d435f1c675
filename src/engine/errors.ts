/**
 * @file The failures of the embedded engine that a caller can act on: damaged or foreign model files, adapters that do not fit, requests that
 * cannot be met, an engine that is gone. It knows nothing of evals or rounds.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { defineError } from '../base/errors.ts'

/** A safetensors file whose bytes contradict its own header. */
export class SafetensorsCorruptError extends defineError('SAFETENSORS_CORRUPT', ({ path, problem }: { path: string; problem: string }) => ({
  summary: `The weight file is damaged: ${problem}`,
  where: path,
  fix: 'download or copy the file again; an interrupted download leaves such files',
})) {}

/** A tensor stored in a number format that the engine cannot compute with. */
export class SafetensorsDtypeError extends defineError(
  'SAFETENSORS_DTYPE',
  ({ path, tensor, dtype }: { path: string; tensor: string; dtype: string }) => ({
    summary: `Tensor ${quoteUntrusted(tensor, 120)} is stored as ${quoteUntrusted(dtype, 20).slice(1, -1)}; the engine reads F32, F16 and BF16`,
    where: path,
    fix: 'use a checkpoint that is not quantised, or convert it to float16',
  }),
) {}

/** A file without which a model directory cannot be used. */
export class ModelFileMissingError extends defineError('MODEL_FILE_MISSING', ({ path, purpose }: { path: string; purpose: string }) => ({
  summary: `The model directory has no ${purpose}`,
  where: path,
  fix: 'point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json',
})) {}

/** A file of a model directory that is not what such a file can be, and is therefore not read at all. */
export class ModelFileRefusedError extends defineError(
  'MODEL_FILE_REFUSED',
  ({ path, problem, fix }: { path: string; problem: string; fix?: string }) => ({
    summary: `The file is not read: ${problem}`,
    where: path,
    fix: fix ?? 'take the model from a source that you trust, and put the file itself into its directory',
  }),
) {}

/** A JSON file of a model directory that cannot be read or lacks what the engine needs. */
export class ModelConfigError extends defineError('MODEL_CONFIG_INVALID', ({ path, problem }: { path: string; problem: string }) => ({
  summary: problem,
  where: path,
  fix: 'restore the file as the model was published',
})) {}

/** A model of a family, or with a variation, that the engine has no graph for. */
export class ArchitectureUnsupportedError extends defineError(
  'ARCHITECTURE_UNSUPPORTED',
  ({ path, problem }: { path: string; problem: string }) => ({
    summary: problem,
    where: path,
    fix: 'use a model of the Llama family (model_type llama, mistral, qwen2 or qwen3), or serve this one and grade it through an OpenAI-compatible server',
  }),
) {}

/** Weights whose names or shapes contradict config.json. */
export class WeightsMismatchError extends defineError('WEIGHTS_MISMATCH', ({ path, problem }: { path: string; problem: string }) => ({
  summary: `The weights do not fit config.json: ${problem}`,
  where: path,
  fix: 'use config.json and weights of one and the same model',
})) {}

/** A tokenizer or chat template that cannot be read. */
export class TokenizerInvalidError extends defineError('TOKENIZER_INVALID', ({ path, problem }: { path: string; problem: string }) => ({
  summary: problem,
  where: path,
  fix: 'restore the file as the model was published',
})) {}

/** A tokenizer that makes token ids which the model has no embedding for. */
export class TokenizerMismatchError extends defineError(
  'TOKENIZER_MISMATCH',
  ({ path, largestId, vocabSize }: { path: string; largestId: number; vocabSize: number }) => ({
    summary: `The tokenizer does not fit the model: it has token id ${largestId}, the model embeds ids 0 to ${vocabSize - 1}`,
    where: path,
    fix: 'use the tokenizer.json that was published with these weights',
  }),
) {}

/** Messages that the model's chat template refused or that it cannot render. */
export class ChatTemplateError extends defineError('CHAT_TEMPLATE_FAILED', ({ path, problem }: { path: string; problem: string }) => ({
  summary: problem,
  where: path,
  fix: 'use roles and an order of messages that this model was trained on',
})) {}

/** A chat template or tokenizer that costs more time or memory than its input can need. */
export class TokenizerRunawayError extends defineError('TOKENIZER_RUNAWAY', ({ path, problem }: { path: string; problem: string }) => ({
  summary: `The model's text processing was stopped: ${problem}`,
  where: path,
  fix: 'take the file from a source that you trust: one that was published for use ends within milliseconds',
})) {}

/** Something that was to be shown to the model and that its chat template leaves out. */
export class ChatTemplateDropsError extends defineError('CHAT_TEMPLATE_DROPS', ({ path, what }: { path: string; what: string }) => ({
  summary: `The chat template has no place for ${what}: the model would never see it`,
  where: path,
  fix: 'use a model whose template shows it, or write it into the prompt yourself and leave it out of the messages',
})) {}

/** A turn that the template ends with a token at which the model does not stop. */
export class TurnEndError extends defineError('TURN_END_NO_STOP', ({ path, text, id }: { path: string; text: string; id: number }) => ({
  summary: `The chat template ends a turn with ${quoteUntrusted(text, 40)} (${id}), at which the model does not stop: what it learned to end would run on`,
  where: path,
  fix: `add ${id} to eos_token_id in generation_config.json`,
})) {}

/** A model that was published without a chat template, or with named ones of which none is the default. */
export class ChatTemplateMissingError extends defineError(
  'CHAT_TEMPLATE_MISSING',
  ({ path, names = [] }: { path: string; names?: readonly string[] }) => ({
    summary:
      names.length === 0
        ? 'The model has no chat template'
        : `The model has no chat template called "default", only ${names.map((name) => quoteUntrusted(name, 40)).join(', ')}`,
    where: path,
    fix: 'use an instruction-tuned variant of the model, or put its chat_template.jinja beside tokenizer.json',
  }),
) {}

/** An adapter directory that is incomplete or damaged. */
export class AdapterInvalidError extends defineError('ADAPTER_INVALID', ({ path, problem }: { path: string; problem: string }) => ({
  summary: problem,
  where: path,
  fix: 'point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them',
})) {}

/** An adapter made for another model. */
export class AdapterMismatchError extends defineError('ADAPTER_MISMATCH', ({ path, problem }: { path: string; problem: string }) => ({
  summary: `The adapter does not fit the base model: ${problem}`,
  where: path,
  fix: 'load the adapter on the base model that it was trained on',
})) {}

/** A kind of adapter that the engine has no arithmetic for. */
export class AdapterUnsupportedError extends defineError('ADAPTER_UNSUPPORTED', ({ path, feature }: { path: string; feature: string }) => ({
  summary: `The adapter uses ${feature}; the engine supports plain LoRA on the linear layers (rank-stabilised scaling included)`,
  where: path,
  fix: 'train the adapter as plain LoRA, or merge it into its base with PEFT and load the merged model',
})) {}

/** Optimizer state that was saved for other weights. */
export class OptimizerMismatchError extends defineError('OPTIMIZER_MISMATCH', ({ path, tensor }: { path: string; tensor: string }) => ({
  summary: `The optimizer state does not fit the weights: ${quoteUntrusted(tensor, 120)} belongs to no tensor of its size`,
  where: path,
  fix: 'load the state that was saved together with these weights',
})) {}

/** A prompt that does not fit into the model's positions together with the tokens to generate. */
export class SequenceTooLongError extends defineError(
  'SEQUENCE_TOO_LONG',
  ({ where, tokenCount, maxPositions }: { where: string; tokenCount: number; maxPositions: number }) => ({
    summary: `The sequence needs ${tokenCount} positions, the model has ${maxPositions}`,
    where,
    fix: 'shorten the prompt or lower maxNewTokens',
  }),
) {}

/** A request that no engine could serve: an empty prompt, a token id outside the vocabulary, a setting out of range. */
export class EngineRequestError extends defineError(
  'ENGINE_REQUEST',
  ({ where, problem, fix }: { where: string; problem: string; fix: string }) => ({ summary: problem, where, fix }),
) {}

/** An engine that was closed, or whose worker ended, before it could answer. */
export class EngineClosedError extends defineError('ENGINE_CLOSED', ({ reason }: { reason: string }) => ({
  summary: `The engine is gone: ${reason}`,
  where: 'engine',
  fix: 'open the engine again',
})) {}

/** A device that this machine does not have, or for which its driver is missing. */
export class DeviceUnavailableError extends defineError(
  'DEVICE_UNAVAILABLE',
  ({ device, problem }: { device: string; problem: string }) => ({
    summary: `There is no ${device} device to compute on: ${quoteUntrusted(problem, 200).slice(1, -1)}`,
    where: `device ${device}`,
    fix: "install the GPU's Vulkan driver (Linux; Metal and Direct3D 12 come with macOS and Windows), or use --device cpu",
  }),
) {}

/** What a device refused: the operator, and the node of the graph that uses it. */
export interface RefusedOperator {
  readonly device: string
  readonly operator: string
  readonly node: string
  readonly problem: string
}

/** An operator of the model's graph that a device cannot compute. */
export class DeviceUnsupportedError extends defineError(
  'DEVICE_OPERATOR_UNSUPPORTED',
  ({ device, operator, node, problem }: RefusedOperator) => ({
    summary: `The ${device} device refused operator ${operator}: ${quoteUntrusted(problem, 300).slice(1, -1)}`,
    where: `device ${device}, node ${node}`,
    fix: 'use --device cpu, and report the operator with the GPU and its driver',
  }),
) {}

/** A device that failed while it computed: out of memory, lost, or for a reason of its own. */
export class DeviceFailedError extends defineError('DEVICE_FAILED', ({ device, problem }: { device: string; problem: string }) => ({
  summary: `The ${device} device failed: ${quoteUntrusted(problem, 300).slice(1, -1)}`,
  where: `device ${device}`,
  fix: 'close what else uses the GPU and resume the run, or use a smaller model or --device cpu',
})) {}

/** An unforeseen failure inside the engine's thread, with the stack it had there. */
export class EngineFailedError extends defineError('ENGINE_FAILED', ({ problem }: { problem: string }) => ({
  summary: problem,
  where: 'engine thread',
  fix: 'this may be a bug in Holdfast: please report it with the stack',
})) {
  constructor({ problem, stack }: { problem: string; stack?: string | undefined }) {
    super({ problem })
    if (stack !== undefined) this.stack = stack
  }
}
