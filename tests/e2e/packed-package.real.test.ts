/**
 * @file The package as users get it: packed, installed into a project that exists already, set up with `init`, its files loaded without a build step.
 * Needs a package registry; skipped with one line where none answers.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-packed-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

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

/** A project as others make them: one with ES modules, one without a word about modules. */
async function projectWith(tarball: string, name: string, content: object): Promise<string> {
  const directory = join(scratch, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, private: true, ...content }))
  await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps', '--save-dev', tarball],
    {
      cwd: directory,
    },
  )
  return directory
}

const holdfast = async (directory: string, ...args: string[]): Promise<string> =>
  (await run('npx', ['--no-install', 'holdfast', ...args], { cwd: directory })).stdout

describe.skipIf(!(await registryAnswers()))('the packed package', () => {
  test.each([
    ['esm-app', { type: 'module' }],
    ['plain-app', {}],
  ])('sets up %s and grades its first eval on the bundled model', async (name, content) => {
    const directory = await projectWith(await pack(), name, content)
    const said = await holdfast(directory, 'init', '--evals', 'checks')
    expect(said).toContain('checks/message-kind/message-kind.eval.ts')
    const graded = await holdfast(directory, 'eval', 'message-kind', '--model', 'node_modules/holdfast/models/nano')
    expect(graded).toMatch(/message-kind on .*\npassed .* of 2 cases/)
    const planned = await holdfast(directory, 'run', 'app', '--dry-run')
    expect(planned).toContain('grpo')
  })
})
