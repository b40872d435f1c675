/**
 * @file The package as users get it: packed once, installed beside each vitest that it supports, and used on each Node: set up with `init`, its files
 * loaded without a build step, its evals run by vitest, two models gated. Needs a package registry; skipped with one line where none answers.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-packed-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Packages of this name hold a Node's binary. */
const NODE = `npm:node-${process.platform}-${process.arch}`
const INSTALLED = {
  vitest4: ['vitest@4.1.12', `node22@${NODE}@22.23.3`, `node24@${NODE}@24.9.0`],
  vitest5: ['vitest@5.1.2', `node22@${NODE}@22.23.3`],
} as const
const LARGEST_BYTES = 4 * 1024 * 1024

async function registryAnswers(): Promise<boolean> {
  try {
    await run('npm', ['view', 'zod', 'version', '--fetch-retries=0', '--fetch-timeout=10000'], { cwd: scratch, timeout: 20_000 })
    return true
  } catch {
    console.warn('no package registry answers: the packed package is not installed into a scratch project')
    return false
  }
}

async function pack(): Promise<string> {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch], { cwd: root })
  return join(scratch, readdirSync(scratch).find((file) => file.endsWith('.tgz')) ?? '')
}

/** A folder whose projects all find the package and one vitest above them. */
async function install(tarball: string, name: keyof typeof INSTALLED): Promise<void> {
  const directory = join(scratch, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, private: true }))
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--save-dev']
  await run('npm', ['install', ...quietly, tarball, ...INSTALLED[name]], { cwd: directory })
}

interface Project {
  readonly vitest: keyof typeof INSTALLED
  readonly node: '20' | '22' | '24'
  readonly content: object
}

/** A project, and its commands by the Node that it has. */
function openProject({ vitest, node, content }: Project) {
  const installed = join(scratch, vitest)
  const directory = join(installed, `on-node-${node}`)
  const write = (path: string, text: string): void => {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const binary = node === '20' ? process.execPath : join(installed, 'node_modules', `node${node}`, 'bin', 'node')
  const env = { ...process.env, HOLDFAST_COMPLETIONS: join(directory, 'completions'), NO_COLOR: '1', FORCE_COLOR: undefined }
  /** Both streams and the exit code. */
  const command = async (script: string, ...args: string[]): Promise<{ readonly code: number; readonly said: string }> => {
    const path = join(installed, 'node_modules', script)
    return new Promise((resolve) =>
      execFile(binary, [path, ...args], { cwd: directory, env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: `${out}${err}` }),
      ),
    )
  }
  write('package.json', JSON.stringify({ name: 'app', private: true, ...content }))
  write('vitest.config.mts', CONFIG)
  write('tests/model.test.mts', MODEL_TEST)
  return { directory, write, holdfast: command.bind(null, 'holdfast/bin/holdfast.js'), vitest: command.bind(null, 'vitest/vitest.mjs') }
}

const MODEL = '../node_modules/holdfast/models/nano'
const CONFIG = `import { defineConfig } from 'vitest/config'
import { evalsProject, suitesProject } from 'holdfast/vitest'

export default defineConfig({
  test: {
    reporters: ['default', ['junit', { outputFile: 'junit.xml' }]],
    projects: [
      { test: { name: 'unit', include: ['tests/**/*.test.mts'] } },
      evalsProject({ model: '${MODEL}' }),
      suitesProject(),
    ],
  },
})
`
const MODEL_TEST = `import { evaluateEval } from 'holdfast/run'
import 'holdfast/vitest/matchers'
import { expect, it } from 'vitest'
import kind from '../evals/message-kind/message-kind.eval.js'

const model = '${MODEL}'

it('a model is not better than itself', async () => {
  const result = await evaluateEval({ definition: kind, file: 'evals/message-kind/message-kind.eval.ts', model })
  await expect(kind).toPassEval({ model, min: 0 })
  await expect(expect(result).toImproveOn(result, { minEffect: 0.05 })).rejects.toThrow('IMPROVED')
}, 60_000)
`

describe.skipIf(!(await registryAnswers()))('the packed package', () => {
  let tarball = ''

  beforeAll(async () => {
    tarball = await pack()
    await Promise.all([install(tarball, 'vitest4'), install(tarball, 'vitest5')])
  })

  test('ships docs and changes, and neither source maps nor sources of the bundled model', () => {
    expect(statSync(tarball).size).toBeLessThan(LARGEST_BYTES)
    const shipped = readdirSync(join(scratch, 'vitest4', 'node_modules', 'holdfast'), { recursive: true, encoding: 'utf8' })
    expect(shipped).toEqual(expect.arrayContaining(['CHANGELOG.md', 'docs/evals.md', 'dist/run.d.ts', 'models/nano/model.safetensors']))
    expect(shipped.filter((path) => path.endsWith('.map') || path.includes('pretraining'))).toEqual([])
    const linked = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, path]) => path)
    expect(linked.length).toBeGreaterThan(3)
    expect(linked.filter((path) => !shipped.includes(path ?? ''))).toEqual([])
  })

  test.concurrent.each([
    { vitest: 'vitest4', node: '20', content: {} },
    { vitest: 'vitest4', node: '22', content: { type: 'module' } },
    { vitest: 'vitest4', node: '24', content: { type: 'module' } },
    { vitest: 'vitest5', node: '22', content: { type: 'module' } },
  ] as const)('sets up a project, evaluates and gates under $vitest on Node $node', async (project) => {
    const { directory, write, holdfast, vitest } = openProject(project)
    expect((await holdfast('init')).said).toContain('evals/message-kind/message-kind.eval.ts')
    expect((await holdfast('run', 'app', '--dry-run')).said).toContain('grpo')
    const gated = await holdfast('gate', 'app', '--parent', MODEL, '--candidate', MODEL, '--target', 'message-kind')
    expect(gated).toMatchObject({ code: 2, said: expect.stringContaining('INCONCLUSIVE: message-kind') as string })

    // Suites assert on their latest run, and there is none.
    const passed = await vitest('run')
    expect(passed).toMatchObject({ code: 0, said: expect.stringMatching(/Tests {2}3 passed \| 1 skipped/) as string })
    expect(passed.said).toMatch(/\n {2}message-kind +\d of 2 passed/)
    const report = JSON.parse(readFileSync(join(directory, 'reports/vitest/report.json'), 'utf8')) as { evals: { eval: string }[] }
    expect(report.evals.map((entry) => entry.eval).toSorted()).toEqual(['general-skills', 'message-kind'])
    expect(readFileSync(join(directory, 'junit.xml'), 'utf8')).toContain('message-kind')

    const evalFile = 'evals/message-kind/message-kind.eval.ts'
    write(evalFile, readFileSync(join(directory, evalFile), 'utf8').replace('defineEval({', 'defineEval({\n  minPass: 1,'))
    const failed = await vitest('run', '--project', 'evals')
    expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('EVAL_BELOW_MIN_PASS') as string })
    expect(existsSync(join(directory, 'reports'))).toBe(true)
  })
})
