/** @file Loads small evals in tests: rows and files in a folder of the test's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { Eval } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { graders } from '../../src/grader/graders.ts'

/** A folder that is gone after the test file. */
export function testFolder(): { readonly path: string; write(name: string, content: string | Uint8Array): URL } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-eval-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  const write = (name: string, content: string | Uint8Array): URL => {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
    return pathToFileURL(join(path, name))
  }
  return { path, write }
}

/** A grader to which any case is a case. */
export const ANY = graders.custom('any', () => true)

/** Loads an eval of these options; what is not said is a template, an exact match and one gate case. */
export function loadWith(options: Record<string, unknown>): Promise<Eval> {
  const cases = [{ id: 'a', input: '1+1', expected: '2', role: 'gate' as const }]
  return loadEval(defineEval({ name: 'sum', cases, prompt: '{{input}}', graders: [graders.exactMatch()], ...options }), {
    origin: 'evals/sum.eval.ts',
  })
}

/** The message of the error that loading gives. */
export async function failureOf(options: Record<string, unknown>, hidden = ''): Promise<string> {
  const message = await loadWith(options).then(
    () => 'no error',
    (error: Error) => error.message,
  )
  return hidden === '' ? message : message.replaceAll(hidden, '<dir>')
}
