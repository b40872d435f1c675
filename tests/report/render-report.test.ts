import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../src/base/errors.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { HOSTILE, temporaryFolder, temporaryRun } from './temporary-run.ts'

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  return isHoldfastError(error) ? error.message : 'no error of Holdfast'
}

test('renderReport() gives the same bytes for the same records', async () => {
  const paths = await renderReport(temporaryRun())
  const again = await renderReport(temporaryRun())
  for (const key of ['htmlPath', 'jsonPath', 'markdownPath', 'junitPath'] as const) {
    expect(readFileSync(again[key]).equals(readFileSync(paths[key])), key).toBe(true)
  }
})

test('renderReport() does without telemetry, cases and candidate records', async () => {
  const directory = temporaryRun({ telemetry: false, features: 1, arms: ['sft'] })
  rmSync(join(directory, 'cases'), { recursive: true })
  rmSync(join(directory, 'rounds/01-refill/sft/candidate.json'))
  const html = readFileSync((await renderReport(directory)).htmlPath, 'utf8')
  expect(html).toContain('The run left no telemetry.')
  expect(html).not.toContain('id="curves"')
})

test('renderReport() refuses a directory that is not a run', async () => {
  const message = await messageOf(renderReport(join(temporaryFolder(), 'nothing')))
  expect(message.replace(/where {2}.*/, 'where  <directory>')).toMatchInlineSnapshot(`
    "REPORT_NO_RUN  The directory is not a run: it has no plan.json
      where  <directory>
      fix    name a directory under reports/ that a run wrote"
  `)
})

test('renderReport() lets no hostile text become markup in any of its files', async () => {
  const paths = await renderReport(temporaryRun({ hostile: HOSTILE, features: 1, arms: ['sft'] }))
  const [html, markdown, junit] = [paths.htmlPath, paths.markdownPath, paths.junitPath].map((path) => readFileSync(path, 'utf8'))
  expect(html).not.toMatch(/<img|<!--|\u202e|\u0000|\u001b/i)
  expect(html?.match(/<script\b/g)).toHaveLength(2)
  expect(html?.match(/<\/script>/g)).toHaveLength(2)
  expect(html).toContain('⟨U+202E⟩')
  expect(markdown).not.toMatch(/<img|<script|<\/script|\u202e|\u001b/i)
  expect(junit).not.toMatch(/<img|<!--|\]\]>|\u202e|\u0000|\u001b/i)
  expect(junit?.match(/<testsuite /g)).toHaveLength(1)
})

test('renderReport() names its style and script by hash and allows nothing else', async () => {
  const html = readFileSync((await renderReport(temporaryRun({ features: 1, arms: ['sft'] }))).htmlPath, 'utf8')
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=')
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'$/,
  )
  expect(html).not.toMatch(/https?:\/\/|\sstyle=|\son\w+=/)
})
