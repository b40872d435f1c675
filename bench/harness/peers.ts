/**
 * @file The same work by other harnesses: a model that answers "7" at once, one equality grader. Each runs as its users run it, from a scratch folder in
 * which it is installed when it is not there yet. What it costs a case is the difference of two sizes, so that starting does not count.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One harness: the files of its project for a number of cases, and the command that runs them. */
export interface Peer {
  readonly name: string
  /** Its folder among the peers. */
  readonly folder: 'vitest' | 'promptfoo'
  /** Sizes to compare; the first is next to nothing. */
  readonly sizes: readonly [small: number, large: number]
  readonly prepare: (directory: string, count: number) => void
  readonly command: (count: number) => readonly string[]
}

/** Seconds of a command with all its children. */
export interface CommandUse {
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

const PACKAGES = ['vitest@4.1.12', 'vitest-evals@0.16.1', 'evalite@0.19.0']
const PROMPTFOO = ['promptfoo@0.121.20', '@libsql/linux-x64-gnu@0.5.29']
/** None of them may call home, promptfoo keeps its files in the scratch folder, and its log files, which can fail as it ends, are off. */
const QUIET = {
  ...{
    PROMPTFOO_DISABLE_TELEMETRY: '1',
    PROMPTFOO_DISABLE_UPDATE: '1',
    PROMPTFOO_DISABLE_DEBUG_LOG: '1',
    PROMPTFOO_DISABLE_ERROR_LOG: '1',
  },
  ...{ VITEST_EVALS_REPORT_LEVEL: 'summary', CI: '1' },
}

/** Installs what is missing, without running any package's scripts. promptfoo apart: leaving out its optional packages would take vitest's away. */
export function installPeers(directory: string): void {
  install(join(directory, 'vitest'), PACKAGES)
  install(join(directory, 'promptfoo'), ['--omit=optional', ...PROMPTFOO])
}

function install(directory: string, given: readonly string[]): void {
  if (existsSync(join(directory, 'node_modules'))) return
  write(directory, 'package.json', '{ "name": "peers", "private": true, "type": "module" }')
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...given]
  const done = spawnSync('npm', args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] })
  if (done.status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${done.status}`)
}

export const PEERS: readonly Peer[] = [
  {
    name: 'vitest-evals',
    folder: 'vitest',
    sizes: [1, 5000],
    prepare: (directory, count) => {
      write(directory, 'vitest-evals.config.js', "export default { test: { include: ['null.vitest-evals.ts'] } }")
      write(
        directory,
        'null.vitest-evals.ts',
        `import { expect } from 'vitest'
import { createHarness, describeEval } from 'vitest-evals'
const harness = createHarness({ name: 'null', run: async () => ({ output: '7', messages: [{ role: 'assistant', content: '7' }] }) })
describeEval('null', { harness }, (it) => {
  for (let n = 0; n < ${count}; n++)
    it('question ' + n, async ({ run }) => { expect((await run('question ' + n)).output).toBe('7') })
})
`,
      )
    },
    // Its results only exist in vitest's JSON: writing them is part of what it does.
    command: () => [
      'node_modules/.bin/vitest',
      'run',
      '--reporter=json',
      '--outputFile=vitest-evals.json',
      '--root',
      '.',
      '-c',
      'vitest-evals.config.js',
    ],
  },
  {
    name: 'evalite, kept in memory',
    folder: 'vitest',
    sizes: [1, 1000],
    prepare: (directory, count) => {
      write(
        directory,
        'evalite/null.eval.ts',
        `import { evalite } from 'evalite'
evalite('null', {
  data: () => Array.from({ length: ${count} }, (_, n) => ({ input: 'question ' + n, expected: '7' })),
  task: async () => '7',
  scorers: [{ name: 'equal', scorer: ({ output, expected }) => (output === expected ? 1 : 0) }],
})
`,
      )
      write(
        directory,
        'evalite/run.js',
        `import { runEvalite } from 'evalite/runner'
import { createInMemoryStorage } from 'evalite/in-memory-storage'
await runEvalite({ path: undefined, cwd: import.meta.dirname, storage: createInMemoryStorage(), mode: 'run-once-and-exit', hideTable: true })
`,
      )
    },
    command: () => ['node', 'evalite/run.js'],
  },
  {
    name: 'promptfoo',
    folder: 'promptfoo',
    sizes: [1, 500],
    prepare: (directory, count) => {
      write(directory, 'provider.mjs', `export default class { id() { return 'null' } async callApi() { return { output: '7' } } }\n`)
      const tests = Array.from({ length: count }, (_, n) => ({ vars: { q: `question ${n}` }, assert: [{ type: 'equals', value: '7' }] }))
      write(directory, 'config.json', JSON.stringify({ prompts: ['{{q}}'], providers: ['file://provider.mjs'], tests }))
    },
    command: () => [
      'node_modules/.bin/promptfoo',
      'eval',
      '-c',
      'config.json',
      '--no-cache',
      '-j',
      '50',
      '--no-table',
      '--no-progress-bar',
    ],
  },
]

/** Runs a command under bash's \`time\`, which counts its children too. */
export function timeCommand(command: readonly string[], cwd: string, environment: Readonly<Record<string, string>> = {}): CommandUse {
  const env = { ...process.env, ...QUIET, PROMPTFOO_CONFIG_DIR: join(cwd, '.promptfoo'), TIMEFORMAT: 'TIME %U %S %R', ...environment }
  const script = 'time "$@" >"$HARNESS_OUT" 2>&1'
  const done = spawnSync('bash', ['-c', script, 'bash', ...command], {
    cwd,
    env: { ...env, HARNESS_OUT: join(cwd, 'last-output.txt') },
    encoding: 'utf8',
  })
  const [, user, system, wall] = /TIME ([\d.]+) ([\d.]+) ([\d.]+)/.exec(done.stderr) ?? []
  if (done.status !== 0 || user === undefined) {
    const output = readFileSync(join(cwd, 'last-output.txt'), 'utf8').slice(-2000)
    throw new Error(`${command.join(' ')} ended with ${done.status}: ${output}`)
  }
  return { cpuSeconds: Number(user) + Number(system), wallSeconds: Number(wall) }
}

/** Milliseconds of CPU and wall time for one more case. */
export function perCase(peer: Peer, peers: string): { readonly cpuMs: number; readonly wallMs: number } {
  const directory = join(peers, peer.folder)
  const uses = peer.sizes.map((count) => {
    peer.prepare(directory, count)
    return timeCommand(peer.command(count), directory)
  })
  const [small, large] = uses as [CommandUse, CommandUse]
  const more = peer.sizes[1] - peer.sizes[0]
  return {
    cpuMs: ((large.cpuSeconds - small.cpuSeconds) * 1000) / more,
    wallMs: ((large.wallSeconds - small.wallSeconds) * 1000) / more,
  }
}

function write(directory: string, path: string, content: string): void {
  const file = join(directory, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
}
