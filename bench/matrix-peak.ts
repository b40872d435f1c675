/**
 * @file Measures the machine's single-precision matrix peak as the engine's own runtime reaches it: one large product of two inputs, best of several.
 * `npx tsx bench/matrix-peak.ts [threads]`. A training step's share of it says how much is left to gain.
 */
import { Graph } from '../src/engine/graph/graph.ts'
import { matmul } from '../src/engine/graph/matrix.ts'
import { serializeGraph } from '../src/engine/graph/serialize.ts'
import { openSession } from '../src/engine/session.ts'

const threads = Number(process.argv[2] ?? 2)
for (const size of [1024, 2048, 3072]) {
  const graph = new Graph()
  const a = graph.input('a', 'float32', [size, size])
  const b = graph.input('b', 'float32', [size, size])
  graph.output('product', matmul(a, b))
  const session = await openSession({ model: serializeGraph(graph), threads })
  const data = (): Float32Array => new Float32Array(size * size).map(() => Math.random() - 0.5)
  const feeds = {
    a: { type: 'float32', dims: [size, size], data: data() },
    b: { type: 'float32', dims: [size, size], data: data() },
  } as const
  let best = Infinity
  for (let i = 0; i < 10; i++) {
    const start = performance.now()
    await session.run(feeds)
    best = Math.min(best, performance.now() - start)
  }
  process.stdout.write(`${size}: ${Math.round((2 * size ** 3) / best / 1e6)} GFLOP/s\n`)
  await session.release()
}
