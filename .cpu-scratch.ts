import { openEngineCore } from './src/engine/core.ts'
const dir = process.argv[2]!, threads = Number(process.argv[3] ?? 1)
const e = openEngineCore(dir, { threads })
for (const B of process.argv[4] ? [Number(process.argv[4])] : [1, 8, 32, 64]) {
  const prompts = Array.from({ length: B }, (_, i) => ({ ids: Int32Array.from({ length: 64 }, (_, j) => 100 + (i * 977 + j * 131) % 1400), seeds: [i] }))
  const run = (n: number) => e.generate({ weights: null, prompts, sampling: { temperature: 1, topK: 0, topP: 1, maxNewTokens: n } })
  await run(8)
  let best = 1e9, bw = 1e9
  for (let r = 0; r < 4; r++) { const c = process.cpuUsage(), t = performance.now(); await run(64); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 1000); bw = Math.min(bw, performance.now() - t) }
  const c = process.cpuUsage(); await run(1); const d = process.cpuUsage(c)
  console.log('B', B, 'cpu ms/step', ((best - (d.user + d.system) / 1000) / 63).toFixed(2), 'wall/step', (bw / 64).toFixed(2), 'tok/s wall', (B * 64 / bw * 1000).toFixed(0), 'prefill cpu', ((d.user + d.system) / 1000).toFixed(1))
}
await e.close()
