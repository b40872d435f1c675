/**
 * @file What importing the built package costs: processor time beyond a bare Node and the modules that are loaded, as the median of ten processes each,
 * taken in turns. An eval file imports `holdfast`: at most 0.25 s. Run: npm run build && npm run bench:import
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const TIMES = 10
const ENTRIES = ['holdfast', 'holdfast/run', 'holdfast/vitest', 'holdfast/vitest/matchers'] as const
const cwd = fileURLToPath(new URL('..', import.meta.url))

function runNode(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd, encoding: 'utf8' })
}

/** Milliseconds of processor time of a whole process, start included. */
function processorMs(entry: string | null): number {
  const load = entry === null ? '' : `await import('${entry}')\n`
  return Number(runNode(`${load}const { user, system } = process.cpuUsage()\nconsole.log((user + system) / 1000)`))
}

/** Files that one import loads, its own packages included. */
function moduleCount(entry: string): number {
  const count = `let asked = 0
export const initialize = ({ port }) => port.on('message', () => port.postMessage(asked))
export const load = (url, context, next) => ((asked += url.startsWith('file:') ? 1 : 0), next(url, context))`
  return Number(
    runNode(`import { register } from 'node:module'
import { MessageChannel } from 'node:worker_threads'
const { port1, port2 } = new MessageChannel()
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(count)}), { data: { port: port2 }, transferList: [port2] })
await import('${entry}')
port1.on('message', (loaded) => (console.log(loaded), port1.close()))
port1.postMessage('how many')`),
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
}

const rounds = Array.from({ length: TIMES }, () => [null, ...ENTRIES].map(processorMs))
const [bare = 0, ...medians] = [null, ...ENTRIES].map((_, index) => median(rounds.map((round) => round[index] ?? 0)))
console.log(`bare Node ${bare.toFixed(0)} ms of processor time`)
for (const [index, entry] of ENTRIES.entries())
  console.log(`${entry.padEnd(24)} +${((medians[index] ?? 0) - bare).toFixed(0).padStart(4)} ms, ${moduleCount(entry)} modules`)
