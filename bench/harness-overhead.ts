/**
 * @file Measures what the harness itself costs per graded case: a null model, a JSON grader, everything written to disk. Prints CPU time and memory
 * per case at several sizes and the slope of CPU time over size (1.0 is linear). Run: npm run bench:harness
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineEval } from '../src/eval/define-eval.ts'
import { loadEval } from '../src/eval/load-eval.ts'
import { graders } from '../src/grader/graders.ts'
import { gradeCases } from '../src/grading/grade-cases.ts'
import type { Model } from '../src/model/model.ts'

const SIZES = [1_000, 3_000, 10_000, 30_000, 100_000]
const ANSWER = {
  text: '{"drug":"Xanax","dose":20}',
  tokenIds: [5, 6, 7, 8, 9, 2],
  logProbs: [-0.1, -0.2, -0.3, -0.4, -0.5, -0.6],
  finishReason: 'stop',
} as const

const nullModel: Model = {
  identity: { base: 'null', adapter: null, tokenizer: 'null', precision: 'none', device: 'none', engine: 'null' },
  renderedHash: () => '0000000000000000',
  generate: (prompts) => Promise.resolve(prompts.map(({ seeds }) => seeds.map(() => ANSWER))),
  close: () => Promise.resolve(),
}

interface Measurement {
  readonly cases: number
  readonly loadCpuUs: number
  readonly gradeCpuUs: number
  readonly wallUs: number
  readonly residentBytes: number
  readonly ledgerBytes: number
}

async function measure(count: number): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
  try {
    const cases = Array.from({ length: count }, (_, n) => ({
      id: `case-${n}`,
      input: { message: `Please send ${n} more boxes of Xanax 20 mg` },
      expected: { drug: 'Xanax', dose: 20 },
      role: 'gate' as const,
    }))
    const definition = defineEval({
      name: 'bench',
      cases,
      prompt: 'Refill to JSON: {{input.message}}',
      graders: [graders.jsonMatch({ fields: { drug: 'text', dose: 'number' } })],
    })
    const beforeLoad = process.cpuUsage()
    const loaded = await loadEval(definition, { origin: 'bench' })
    const loadCpu = process.cpuUsage(beforeLoad)
    globalThis.gc?.()
    const residentBefore = process.memoryUsage().rss
    const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()]
    const context = {
      run: 'bench',
      suiteHash: 'bench',
      suiteSeed: 1,
      arm: null,
      round: null,
      step: null,
      trainingSeeds: null,
      parent: null,
    }
    const ledgerFile = join(directory, 'grades.jsonl')
    const records = await gradeCases({ eval: loaded, cases: loaded.cases, model: nullModel, purpose: 'gate', context, ledgerFile })
    const cpu = process.cpuUsage(cpuBefore)
    const wallMs = performance.now() - wallBefore
    globalThis.gc?.()
    return {
      cases: records.length,
      loadCpuUs: (loadCpu.user + loadCpu.system) / count,
      gradeCpuUs: (cpu.user + cpu.system) / count,
      wallUs: (wallMs * 1000) / count,
      residentBytes: (process.memoryUsage().rss - residentBefore) / count,
      ledgerBytes: statSync(ledgerFile).size / count,
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Least-squares slope of log CPU time over log size. */
function slopeOf(measurements: readonly Measurement[]): number {
  const points = measurements.map(({ cases, gradeCpuUs }) => [Math.log(cases), Math.log(gradeCpuUs * cases)] as const)
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

// Once before counting: until the code is compiled a case costs three times as much.
await measure(20_000)
const measurements: Measurement[] = []
for (const size of SIZES) measurements.push(await measure(size))
console.table(
  measurements.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number((value as number).toFixed(1))]))),
)
console.log(`slope of CPU time over size: ${slopeOf(measurements).toFixed(3)} (target 1.0; at most 50 µs CPU and 1 kB resident per case)`)
