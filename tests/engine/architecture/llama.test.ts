import { describe, expect, it } from 'vitest'
import { llamaHidden, llamaLogits, type LlamaGraph } from '../../../src/engine/architecture/llama.ts'
import { constantWeights, inputWeights } from '../../../src/engine/architecture/weight-source.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import { reshape } from '../../../src/engine/graph/movement.ts'
import { serializeGraph } from '../../../src/engine/graph/serialize.ts'
import { type Feeds, openSession } from '../../../src/engine/session.ts'
import { sequenceAttention } from '../../../src/engine/training/sequence-attention.ts'
import { weightFeeds } from '../../../src/engine/training/weight-set.ts'
import { VARIANTS, expectClose, openFixture, type Fixture } from '../training/fixture.ts'

/** Logits of every position of one sequence, with weights from the file or fed. */
async function logits({ model, full }: Fixture, ids: Int32Array, weights: 'file' | 'fed'): Promise<Float32Array> {
  const graph = new Graph()
  const tokens = graph.input('ids', 'int32', ['S', 'B'])
  const positions = graph.input('positions', 'int32', ['S', 'B'])
  const mask = graph.input('mask', 'float32', ['B', 'S', 'S'])
  const llama: LlamaGraph = {
    config: model.config,
    weights: weights === 'file' ? constantWeights(graph, model.tensors) : inputWeights(graph, model.config),
    attention: sequenceAttention(model.config, mask),
    maxPositions: model.config.maxPositions,
  }
  const rows = { ids: reshape(tokens, ['B*S']), positions: reshape(positions, ['B*S']) }
  graph.output('logits', llamaLogits(llama, llamaHidden(llama, rows)))
  const session = await openSession({ model: serializeGraph(graph), externalData: model.externalData, threads: 1 })
  const length = ids.length
  const seen = Float32Array.from({ length: length * length }, (_, i) => (i % length <= Math.floor(i / length) ? 0 : -1e9))
  const feeds: Feeds = {
    ids: { type: 'int32', dims: [length, 1], data: ids },
    positions: { type: 'int32', dims: [length, 1], data: Int32Array.from({ length }, (_, i) => i) },
    mask: { type: 'float32', dims: [1, length, length], data: seen },
    ...(weights === 'fed' ? weightFeeds(full()) : {}),
  }
  const results = await session.run(feeds)
  await session.release()
  return results['logits']?.data as Float32Array
}

describe.each(VARIANTS)('%s', (variant) => {
  it.each(['file', 'fed'] as const)('llamaLogits() gives the logits that transformers gives (weights: %s)', async (weights) => {
    const fixture = openFixture(variant)
    expectClose(await logits(fixture, fixture.sequences[0]?.ids as Int32Array, weights), fixture.expected('logits'))
  })
})

describe('constantWeights()', () => {
  it('refuses a weight that the file does not have, and inputWeights() one that the model does not have', () => {
    const { model } = openFixture('llama-tied')
    expect(() => constantWeights(new Graph(), new Map()).weight('w')).toThrow('the model has no weight w')
    expect(() => inputWeights(new Graph(), model.config).weight('w')).toThrow('the model has no weight w')
  })
})
