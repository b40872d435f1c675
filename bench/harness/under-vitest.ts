/**
 * @file An eval of many cases under vitest, as a user's project runs it: the built package, one test, a model module that answers at once.
 */
import { existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { timeCommand } from './peers.ts'
import type { CommandUse } from './peers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Whether the package has been built: under vitest its users run what is in dist. */
export const isBuilt = (): boolean => existsSync(join(root, 'dist', 'vitest', 'evals-project.js'))

/** Seconds of `vitest run` over one eval with this many cases, starting included. */
export function timeUnderVitest(count: number): CommandUse {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-vitest-bench-'))
  try {
    linkPackages(directory)
    for (const [path, content] of Object.entries(filesOf(count))) {
      mkdirSync(join(directory, path, '..'), { recursive: true })
      writeFileSync(join(directory, path), content)
    }
    return timeCommand(['node_modules/.bin/vitest', 'run'], directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The packages of this repository and the built one, as npm would lay them. */
function linkPackages(directory: string): void {
  const modules = join(directory, 'node_modules')
  mkdirSync(modules)
  const own = new Set(['.vite', '.vite-temp', '.cache', 'holdfast'])
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!own.has(name)) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  symlinkSync(root, join(modules, 'holdfast'))
}

function filesOf(count: number): Readonly<Record<string, string>> {
  return {
    'package.json': '{ "name": "bench", "private": true, "type": "module" }',
    'vitest.config.js': `import { evalsProject } from 'holdfast/vitest'
export default { test: { projects: [evalsProject({ model: './null-model.js' })] } }
`,
    'null-model.js': `const answer = () => ({ text: '7', tokenIds: [7, 0], logProbs: [-0.1, -0.1], finishReason: 'stop' })
export default {
  identity: { base: 'null', adapter: null, tokenizer: 'null', precision: 'none', device: 'none', engine: 'null' },
  renderedHash: () => '0000000000000000',
  generate: async (prompts) => prompts.map(({ seeds }) => seeds.map(answer)),
  close: async () => {},
}
`,
    'evals/null.eval.ts': `import { defineEval, graders } from 'holdfast'
export default defineEval({
  name: 'null',
  cases: Array.from({ length: ${count} }, (_, n) => ({ id: 'c' + n, role: 'dev' as const, input: 'question ' + n, expected: '7' })),
  prompt: '{{input}}',
  graders: [graders.exactMatch()],
  minPass: 1,
})
`,
  }
}
