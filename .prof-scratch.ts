import { openModelDirectory } from './src/engine/checkpoint/model-directory.ts'
import { Graph } from './src/engine/graph/graph.ts'
import { serializeGraph } from './src/engine/graph/serialize.ts'
import { openSession } from './src/engine/session.ts'
import { constantWeights } from './src/engine/architecture/weight-source.ts'
import { buildDecodeGraph } from './src/engine/generation/decode-graph.ts'
import { generateTokens } from './src/engine/generation/generate-tokens.ts'
const dir = process.argv[2]!, B = Number(process.argv[3])
const m = openModelDirectory(dir)
const graph = new Graph()
buildDecodeGraph({ graph, config: m.config, weights: constantWeights(graph, m.checkpoint.tensors) })
const session = await openSession({ model: serializeGraph(graph), externalData: m.checkpoint.externalData, threads: 1, ...(process.argv[4] ? { profilePrefix: '/tmp/prof' } : {}) })
let native = 0
const timed = { ...session, run: async (f: any, n: any) => { const c = process.cpuUsage(); const r = await session.run(f, n); const d = process.cpuUsage(c); native += (d.user + d.system) / 1000; return r } }
const prompts = Array.from({ length: B }, (_, i) => ({ ids: Int32Array.from({ length: 64 }, (_, j) => 100 + (i * 977 + j * 131) % 1400), seeds: [i] }))
for (let k = 0; k < 3; k++) { native = 0; const c = process.cpuUsage()
await generateTokens({ config: m.config, stopIds: [], session: timed, weightFeeds: {} }, { weights: null, prompts, sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: 64 } })
const d = process.cpuUsage(c); console.log('total cpu', (d.user + d.system) / 1000, 'in run', native) }
session.endProfiling()
