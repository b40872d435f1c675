/**
 * @file The failures of the embedded engine that a caller can act on: damaged or foreign model files, adapters that do not fit, requests that
 * cannot be met, an engine that is gone. It knows nothing of evals or rounds.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { HoldfastError } from '../base/errors.ts'

/** A safetensors file whose bytes contradict its own header. */
export class SafetensorsCorruptError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'SAFETENSORS_CORRUPT',
      summary: `The weight file is damaged: ${problem}`,
      where: path,
      fix: 'download or copy the file again; an interrupted download leaves such files',
    })
  }
}

/** A tensor stored in a number format that the engine cannot compute with. */
export class SafetensorsDtypeError extends HoldfastError {
  constructor(path: string, tensor: string, dtype: string) {
    super({
      code: 'SAFETENSORS_DTYPE',
      summary: `Tensor ${quoteUntrusted(tensor, 120)} is stored as ${quoteUntrusted(dtype, 20).slice(1, -1)}; the engine reads F32, F16 and BF16`,
      where: path,
      fix: 'use a checkpoint that is not quantised, or convert it to float16',
    })
  }
}

/** A file without which a model directory cannot be used. */
export class ModelFileMissingError extends HoldfastError {
  constructor(path: string, purpose: string) {
    super({
      code: 'MODEL_FILE_MISSING',
      summary: `The model directory has no ${purpose}`,
      where: path,
      fix: 'point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json',
    })
  }
}

/** A file of a model directory that is not what such a file can be, and is therefore not read at all. */
export class ModelFileRefusedError extends HoldfastError {
  constructor(
    path: string,
    problem: string,
    fix = 'take the model from a source that you trust, and put the file itself into its directory',
  ) {
    super({
      code: 'MODEL_FILE_REFUSED',
      summary: `The file is not read: ${problem}`,
      where: path,
      fix,
    })
  }
}

/** A JSON file of a model directory that cannot be read or lacks what the engine needs. */
export class ModelConfigError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({ code: 'MODEL_CONFIG_INVALID', summary: problem, where: path, fix: 'restore the file as the model was published' })
  }
}

/** A model of a family, or with a variation, that the engine has no graph for. */
export class ArchitectureUnsupportedError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'ARCHITECTURE_UNSUPPORTED',
      summary: problem,
      where: path,
      fix: 'use a model of the Llama family (model_type llama, mistral, qwen2 or qwen3), or serve this one and grade it through an OpenAI-compatible server',
    })
  }
}

/** Weights whose names or shapes contradict config.json. */
export class WeightsMismatchError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'WEIGHTS_MISMATCH',
      summary: `The weights do not fit config.json: ${problem}`,
      where: path,
      fix: 'use config.json and weights of one and the same model',
    })
  }
}

/** A tokenizer or chat template that cannot be read. */
export class TokenizerInvalidError extends HoldfastError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({ code: 'TOKENIZER_INVALID', summary: problem, where: path, fix: 'restore the file as the model was published', cause })
  }
}

/** A tokenizer that makes token ids which the model has no embedding for. */
export class TokenizerMismatchError extends HoldfastError {
  constructor(path: string, largestId: number, vocabSize: number) {
    super({
      code: 'TOKENIZER_MISMATCH',
      summary: `The tokenizer does not fit the model: it has token id ${largestId}, the model embeds ids 0 to ${vocabSize - 1}`,
      where: path,
      fix: 'use the tokenizer.json that was published with these weights',
    })
  }
}

/** Messages that the model's chat template refused or that it cannot render. */
export class ChatTemplateError extends HoldfastError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({
      code: 'CHAT_TEMPLATE_FAILED',
      summary: problem,
      where: path,
      fix: 'use roles and an order of messages that this model was trained on',
      cause,
    })
  }
}

/** A chat template or tokenizer that costs more time or memory than its input can need. */
export class TokenizerRunawayError extends HoldfastError {
  constructor(path: string, problem: string, cause?: unknown) {
    super({
      code: 'TOKENIZER_RUNAWAY',
      summary: `The model's text processing was stopped: ${problem}`,
      where: path,
      fix: 'take the file from a source that you trust: one that was published for use ends within milliseconds',
      cause,
    })
  }
}

/** Something that was to be shown to the model and that its chat template leaves out. */
export class ChatTemplateDropsError extends HoldfastError {
  constructor(path: string, what: string) {
    super({
      code: 'CHAT_TEMPLATE_DROPS',
      summary: `The chat template has no place for ${what}: the model would never see it`,
      where: path,
      fix: 'use a model whose template shows it, or write it into the prompt yourself and leave it out of the messages',
    })
  }
}

/** A turn that the template ends with a token at which the model does not stop. */
export class TurnEndError extends HoldfastError {
  constructor(path: string, token: { readonly text: string; readonly id: number }) {
    super({
      code: 'TURN_END_NO_STOP',
      summary: `The chat template ends a turn with ${quoteUntrusted(token.text, 40)} (${token.id}), at which the model does not stop: what it learned to end would run on`,
      where: path,
      fix: `add ${token.id} to eos_token_id in generation_config.json`,
    })
  }
}

/** A model that was published without a chat template, or with named ones of which none is the default. */
export class ChatTemplateMissingError extends HoldfastError {
  constructor(path: string, names: readonly string[] = []) {
    super({
      code: 'CHAT_TEMPLATE_MISSING',
      summary:
        names.length === 0
          ? 'The model has no chat template'
          : `The model has no chat template called "default", only ${names.map((name) => quoteUntrusted(name, 40)).join(', ')}`,
      where: path,
      fix: 'use an instruction-tuned variant of the model, or put its chat_template.jinja beside tokenizer.json',
    })
  }
}

/** An adapter directory that is incomplete or damaged. */
export class AdapterInvalidError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'ADAPTER_INVALID',
      summary: problem,
      where: path,
      fix: 'point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them',
    })
  }
}

/** An adapter made for another model. */
export class AdapterMismatchError extends HoldfastError {
  constructor(path: string, problem: string) {
    super({
      code: 'ADAPTER_MISMATCH',
      summary: `The adapter does not fit the base model: ${problem}`,
      where: path,
      fix: 'load the adapter on the base model that it was trained on',
    })
  }
}

/** A kind of adapter that the engine has no arithmetic for. */
export class AdapterUnsupportedError extends HoldfastError {
  constructor(path: string, feature: string) {
    super({
      code: 'ADAPTER_UNSUPPORTED',
      summary: `The adapter uses ${feature}; the engine supports plain LoRA on the linear layers (rank-stabilised scaling included)`,
      where: path,
      fix: 'train the adapter as plain LoRA, or merge it into its base with PEFT and load the merged model',
    })
  }
}

/** Optimizer state that was saved for other weights. */
export class OptimizerMismatchError extends HoldfastError {
  constructor(path: string, tensor: string) {
    super({
      code: 'OPTIMIZER_MISMATCH',
      summary: `The optimizer state does not fit the weights: ${quoteUntrusted(tensor, 120)} belongs to no tensor of its size`,
      where: path,
      fix: 'load the state that was saved together with these weights',
    })
  }
}

/** A prompt that does not fit into the model's positions together with the tokens to generate. */
export class SequenceTooLongError extends HoldfastError {
  constructor(where: string, tokenCount: number, maxPositions: number) {
    super({
      code: 'SEQUENCE_TOO_LONG',
      summary: `The sequence needs ${tokenCount} positions, the model has ${maxPositions}`,
      where,
      fix: 'shorten the prompt or lower maxNewTokens',
    })
  }
}

/** A request that no engine could serve: an empty prompt, a token id outside the vocabulary, a setting out of range. */
export class EngineRequestError extends HoldfastError {
  constructor(where: string, problem: string, fix: string) {
    super({ code: 'ENGINE_REQUEST', summary: problem, where, fix })
  }
}

/** An engine that was closed, or whose worker ended, before it could answer. */
export class EngineClosedError extends HoldfastError {
  constructor(reason: string, cause?: unknown) {
    super({ code: 'ENGINE_CLOSED', summary: `The engine is gone: ${reason}`, where: 'engine', fix: 'open the engine again', cause })
  }
}

/** A device that this machine does not have, or for which its driver is missing. */
export class DeviceUnavailableError extends HoldfastError {
  constructor(device: string, problem: string, cause?: unknown) {
    super({
      code: 'DEVICE_UNAVAILABLE',
      summary: `There is no ${device} device to compute on: ${quoteUntrusted(problem, 200).slice(1, -1)}`,
      where: `device ${device}`,
      fix: "install the GPU's Vulkan driver (Linux; Metal and Direct3D 12 come with macOS and Windows), or use --device cpu",
      cause,
    })
  }
}

/** What a device refused: the operator, and the node of the graph that uses it. */
export interface RefusedOperator {
  readonly device: string
  readonly operator: string
  readonly node: string
  readonly problem: string
}

/** An operator of the model's graph that a device cannot compute. */
export class DeviceUnsupportedError extends HoldfastError {
  constructor({ device, operator, node, problem }: RefusedOperator, cause?: unknown) {
    super({
      code: 'DEVICE_OPERATOR_UNSUPPORTED',
      summary: `The ${device} device refused operator ${operator}: ${quoteUntrusted(problem, 300).slice(1, -1)}`,
      where: `device ${device}, node ${node}`,
      fix: 'use --device cpu, and report the operator with the GPU and its driver',
      cause,
    })
  }
}

/** A device that failed while it computed: out of memory, lost, or for a reason of its own. */
export class DeviceFailedError extends HoldfastError {
  constructor(device: string, problem: string, cause?: unknown) {
    super({
      code: 'DEVICE_FAILED',
      summary: `The ${device} device failed: ${quoteUntrusted(problem, 300).slice(1, -1)}`,
      where: `device ${device}`,
      fix: 'close what else uses the GPU and resume the run, or use a smaller model or --device cpu',
      cause,
    })
  }
}
