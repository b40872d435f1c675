/**
 * @file Measures what the harness itself costs per graded case: a model that answers at once, a JSON grader, everything written to disk. Whole processes less
 * an empty one, one warm process at every size, an eval under vitest, and on request the same work by other harnesses in the same run.
 *
 *     npm run bench:harness -- [--npm-peers DIR] [--inspect-python PYTHON --peers DIR]
 *
 * `--npm-peers` is a scratch folder in which vitest-evals, evalite and promptfoo are installed, or will be. The folder of `--peers` holds inspect_null.py,
 * which takes a number of cases; PYTHON has inspect_ai. CPU time is what to read where a machine is shared.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gradeNull, loadNullEval } from './harness/null-grading.ts'
import type { ProcessUse } from './harness/own-process.ts'
import { installPeers, PEERS, perCase, timeCommand } from './harness/peers.ts'
import type { CommandUse } from './harness/peers.ts'
import { isBuilt, timeUnderVitest } from './harness/under-vitest.ts'

const SIZES = [100, 1_000, 10_000, 100_000]
/** Cases graded in one process at each size, in as many gradings as that takes: a single one of 100 cases is over before a clock can tell. */
const CASES_PER_SIZE = 20_000
const INSPECT_SIZES = [100, 600] as const

const { values: options } = parseArgs({
  options: { 'npm-peers': { type: 'string' }, 'inspect-python': { type: 'string' }, peers: { type: 'string' } },
})
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const cpuUs = ({ user, system }: NodeJS.CpuUsage): number => user + system

function ownProcess(count: number): ProcessUse {
  const script = fileURLToPath(new URL('./harness/own-process.ts', import.meta.url))
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', script, String(count)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`own-process ${count} ended with ${status}`)
  return JSON.parse(stdout) as ProcessUse
}

/** Whole processes, loading the cases included, less what an empty process takes. */
function wholeProcesses(): readonly Readonly<Record<string, number>>[] {
  const median = (count: number): ProcessUse =>
    Array.from({ length: count > 10_000 ? 1 : 3 }, () => ownProcess(count)).toSorted((a, b) => a.cpuMs - b.cpuMs)[
      count > 10_000 ? 0 : 1
    ] as ProcessUse
  const empty = median(0)
  say(`an empty process: ${empty.cpuMs.toFixed(0)} ms CPU, ${(empty.peakBytes / 1e6).toFixed(0)} MB`)
  return SIZES.map((cases) => {
    const use = median(cases)
    return {
      cases,
      'cpu us/case': ((use.cpuMs - empty.cpuMs) * 1000) / cases,
      'wall us/case': ((use.wallMs - empty.wallMs) * 1000) / cases,
      'peak bytes/case': (use.peakBytes - empty.peakBytes) / cases,
    }
  })
}

/** One warm process: loading and grading apart, and what stays in memory with the records. */
async function warmProcess(cases: number): Promise<Readonly<Record<string, number>>> {
  const beforeLoad = process.cpuUsage()
  const loaded = await loadNullEval(cases)
  const loadUs = cpuUs(process.cpuUsage(beforeLoad)) / cases
  const times = Math.max(1, Math.round(CASES_PER_SIZE / cases))
  globalThis.gc?.()
  const before = process.memoryUsage()
  const [cpuBefore, wallBefore] = [process.cpuUsage(), performance.now()]
  for (let time = 1; time < times; time++) await gradeNull(loaded, scratch)
  const records = await gradeNull(loaded, scratch, true)
  const gradeUs = cpuUs(process.cpuUsage(cpuBefore)) / (cases * times)
  const wallUs = ((performance.now() - wallBefore) * 1000) / (cases * times)
  globalThis.gc?.()
  const after = process.memoryUsage()
  const ledger = statSync(join(scratch, 'grades.jsonl')).size
  rmSync(join(scratch, 'grades.jsonl'))
  return {
    ...{ cases, 'load cpu us/case': loadUs, 'grade cpu us/case': gradeUs, 'grade wall us/case': wallUs },
    // Small sizes reuse what the larger ones before them left resident: there the heap is what tells.
    'resident bytes/case': (after.rss - before.rss) / records.length,
    'heap bytes/case': (after.heapUsed - before.heapUsed) / records.length,
    'ledger bytes/case': ledger / records.length,
  }
}

/** Least-squares slope of log CPU time over log size; sizes at which noise swallowed all of it are left out. */
function slopeOf(rows: readonly Readonly<Record<string, number>>[], column: string): number {
  const points = rows
    .map((row) => [Math.log(row['cases'] ?? 0), Math.log((row[column] ?? 0) * (row['cases'] ?? 0))] as const)
    .filter(([, y]) => Number.isFinite(y))
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}

function show(rows: readonly Readonly<Record<string, number>>[]): void {
  console.table(rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value.toFixed(1))]))))
}

function inspectPerCase(python: string, script: string): { cpuMs: number; wallMs: number } {
  const [small, large] = INSPECT_SIZES.map((count) => timeCommand([python, script, String(count)], scratch))
  const more = INSPECT_SIZES[1] - INSPECT_SIZES[0]
  const each = (name: 'cpuSeconds' | 'wallSeconds'): number => (((large?.[name] ?? 0) - (small?.[name] ?? 0)) * 1000) / more
  return { cpuMs: each('cpuSeconds'), wallMs: each('wallSeconds') }
}

/** Every harness that was asked for, beside ours under vitest. */
function sideBySide(own: { readonly cpuMs: number; readonly wallMs: number } | null): void {
  const rows: { harness: string; cpuMs: number; wallMs: number }[] = own === null ? [] : [{ harness: 'holdfast under vitest', ...own }]
  const npmPeers = options['npm-peers']
  if (npmPeers !== undefined) {
    installPeers(resolve(npmPeers))
    for (const peer of PEERS) {
      try {
        rows.push({ harness: `${peer.name} (${peer.sizes.join(' to ')})`, ...perCase(peer, resolve(npmPeers)) })
      } catch (error) {
        // A peer that cannot do it is a result too, and no reason to lose the others.
        say(`${peer.name}: not measured, ${String(error).slice(0, 500)}`)
      }
    }
  }
  const [python, folder] = [options['inspect-python'], options.peers]
  if (python !== undefined && folder !== undefined)
    rows.push({
      harness: `Inspect (${INSPECT_SIZES.join(' to ')})`,
      ...inspectPerCase(resolve(python), resolve(folder, 'inspect_null.py')),
    })
  const ratio = (value: number): string => (own === null ? '-' : `${(value / own.cpuMs).toFixed(1)} x`)
  const cells = rows.map(({ harness, cpuMs, wallMs }) => ({
    ...{ harness, 'cpu ms/case': Number(cpuMs.toFixed(3)), 'wall ms/case': Number(wallMs.toFixed(3)), 'cpu ratio': ratio(cpuMs) },
  }))
  if (cells.length > 0) console.table(cells)
}

function underVitest(): { cpuMs: number; wallMs: number } | null {
  if (!isBuilt()) {
    say('under vitest: not measured, the package is not built (npm run build)')
    return null
  }
  const [one, many] = [timeUnderVitest(1), timeUnderVitest(10_000)]
  const text = ({ cpuSeconds, wallSeconds }: CommandUse): string => `${wallSeconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s CPU)`
  say(`under vitest, starting included: 1 case ${text(one)}, 10,000 cases ${text(many)} (target under 3 s)`)
  return { cpuMs: (many.cpuSeconds - one.cpuSeconds) / 9.999, wallMs: (many.wallSeconds - one.wallSeconds) / 9.999 }
}

try {
  const whole = wholeProcesses()
  show(whole)
  say(`slope of CPU time over size, whole processes: ${slopeOf(whole, 'cpu us/case').toFixed(3)}`)
  // Once before counting: until the code is compiled a case costs three times as much.
  await warmProcess(20_000)
  const warm: Readonly<Record<string, number>>[] = []
  for (const size of SIZES) warm.push(await warmProcess(size))
  show(warm)
  say(
    `slope of CPU time over size, one warm process: ${slopeOf(warm, 'grade cpu us/case').toFixed(3)} (targets: 1.0, 50 us CPU, 1 kB resident)`,
  )
  sideBySide(underVitest())
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
