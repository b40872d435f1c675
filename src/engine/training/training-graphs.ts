/**
 * @file The three graphs of training: forward and backward in one, hidden states alone, and the output head alone.
 * What is trained are inputs of the graph; it knows nothing of optimizers or losses.
 */
import { type LlamaGraph, llamaFinalNorm, llamaLayers } from '../architecture/llama.ts'
import { FINAL_NORM_WEIGHT, type LlamaConfig, headWeight, weightShapes } from '../architecture/llama-config.ts'
import { type LoraShape, type WeightSource, constantWeights, inputWeights, loraInputs, loraShapes } from '../architecture/weight-source.ts'
import { gradients } from '../autodiff/gradients.ts'
import { add } from '../graph/elementwise.ts'
import { type ExternalTensor, Graph } from '../graph/graph.ts'
import type { Value } from '../graph/value.ts'
import { gather } from '../graph/indexing.ts'
import { concat, reshape } from '../graph/movement.ts'
import type { ScoreOutput } from '../engine.ts'
import { HEAD_INPUTS, TOKEN_INPUTS } from './batch-feeds.ts'
import { entropy, headGradients, headLogProbs, klFrom, targetLogProb } from './output-head.ts'
import { sequenceAttention } from './sequence-attention.ts'

/** What decides the structure of a training graph. */
export interface GraphPlan {
  readonly config: LlamaConfig
  /** Constants for the base weights; without them every weight is an input (full-parameter training). */
  readonly constants?: ReadonlyMap<string, ExternalTensor>
  /** The matrices that are trained; without them all weights are. */
  readonly lora?: LoraShape
}

/** The name of the output that holds the gradient of a trained tensor. */
export function gradientName(tensor: string): string {
  return `gradient ${tensor}`
}

/** Names of the tensors that a plan trains. */
export function trainedNames({ config, lora }: GraphPlan): readonly string[] {
  return (lora ? loraShapes(config, lora) : weightShapes(config)).map(({ name }) => name)
}

const ROWS = 'B*S'

interface SequenceGraph {
  readonly graph: Graph
  readonly model: LlamaGraph
  /** Hidden states of the chosen rows after the last layer, and of all rows. */
  readonly layers: Value
  readonly chosen: Value
}

function weightsOf(graph: Graph, { config, constants }: GraphPlan): WeightSource {
  return constants ? constantWeights(graph, constants) : inputWeights(graph, config)
}

function sequenceGraph(plan: GraphPlan): SequenceGraph {
  const { config, lora } = plan
  const graph = new Graph()
  const ids = graph.input(TOKEN_INPUTS.ids, 'int32', ['S', 'B'])
  const positions = graph.input(TOKEN_INPUTS.positions, 'int32', ['S', 'B'])
  const mask = graph.input(TOKEN_INPUTS.mask, 'float32', ['B', 'S', 'S'])
  const rows = graph.input(HEAD_INPUTS.rows, 'int32', ['M'])
  const model: LlamaGraph = {
    config,
    weights: weightsOf(graph, plan),
    ...(lora ? { lora: loraInputs(graph, config, lora) } : {}),
    attention: sequenceAttention(config, mask),
    maxPositions: config.maxPositions,
  }
  const layers = llamaLayers(model, { ids: reshape(ids, [ROWS]), positions: reshape(positions, [ROWS]) })
  return { graph, model, layers, chosen: gather(layers, rows) }
}

/** Token rows in, normalised hidden states of the chosen rows out: `hidden` is float32[M, hiddenSize]. */
export function hiddenGraph(plan: GraphPlan): Graph {
  const { graph, model, chosen } = sequenceGraph(plan)
  graph.output('hidden', llamaFinalNorm(model, chosen))
  return graph
}

/** `logProb` of the chosen rows' targets and the gradient of every trained tensor. */
export function backwardGraph(plan: GraphPlan): Graph {
  const { graph, model, layers, chosen } = sequenceGraph(plan)
  const targets = graph.input(HEAD_INPUTS.targets, 'int32', ['M'])
  const weights = graph.input(HEAD_INPUTS.weights, 'float32', ['M'])
  const inverseTemperature = graph.input(HEAD_INPUTS.inverseTemperature, 'float32', [])
  const inverse = reshape(graph.input(HEAD_INPUTS.inverse, 'int32', ['S', 'B']), [ROWS])
  const hidden = llamaFinalNorm(model, chosen)
  const table = model.weights.weight(headWeight(plan.config))
  const logProbs = headLogProbs(hidden, table, inverseTemperature)
  graph.output('logProb', targetLogProb(logProbs, targets))

  const head = headGradients({ hidden, table, logProbs, targets, weights, inverseTemperature, isTrained: plan.lora === undefined })
  const trained = new Map(graph.inputs.map((value) => [value.name, value]))
  const targetsOf = trainedNames(plan).map((name) => trained.get(name) as Value)
  const atChosen = gradients(
    [{ value: hidden, gradient: head.hidden }],
    [chosen, ...targetsOf.filter((value) => value.name === FINAL_NORM_WEIGHT)],
  )
  const none = graph.constant(new Float32Array(model.config.hiddenSize), 'float32', [1, model.config.hiddenSize])
  const atLayers = gather(concat([atChosen.get(chosen) as Value, none], 0), inverse)
  const found = new Map([...atChosen, ...gradients([{ value: layers, gradient: atLayers }], targetsOf)])
  for (const value of targetsOf) {
    const own = value.name === headWeight(plan.config) ? head.table : undefined
    const known = found.get(value)
    graph.output(gradientName(value.name), known && own ? add(known, own) : ((known ?? own) as Value))
  }
  return graph
}

/** Name of the input with the reference's own output head, where weights are inputs. */
export const REFERENCE_HEAD = 'reference head'

/** Hidden states in, the wanted numbers of each row out; `klFrom` also takes the reference's hidden states. */
export function headGraph(plan: GraphPlan, outputs: readonly ScoreOutput[]): Graph {
  const { config, constants } = plan
  const graph = new Graph()
  const hidden = graph.input('hidden', 'float32', ['M', config.hiddenSize])
  const targets = graph.input(HEAD_INPUTS.targets, 'int32', ['M'])
  const inverseTemperature = graph.input(HEAD_INPUTS.inverseTemperature, 'float32', [])
  const table = (name: string): Value =>
    constants
      ? constantWeights(graph, constants).weight(headWeight(config))
      : graph.input(name, 'float32', [config.vocabSize, config.hiddenSize])
  const logProbs = headLogProbs(hidden, table(headWeight(config)), inverseTemperature)
  if (outputs.includes('logProb')) graph.output('logProb', targetLogProb(logProbs, targets))
  if (outputs.includes('entropy')) graph.output('entropy', entropy(logProbs))
  if (outputs.includes('klFrom')) {
    const reference = graph.input('referenceHidden', 'float32', ['M', config.hiddenSize])
    graph.output('klFrom', klFrom(headLogProbs(reference, table(REFERENCE_HEAD), inverseTemperature), logProbs))
  }
  return graph
}
