/**
 * @file docs/rft-graders.md is code too: its files are written, imported and run.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { EvalDefinition } from '../../../src/eval/eval.ts'
import { loadEval } from '../../../src/eval/load-eval.ts'
import type { RftOptions } from '../../../src/grader/rft/from-rft.ts'
import type { RftExport } from '../../../src/grader/rft/to-rft.ts'
import { gradeRft } from './rft-fixtures.ts'

const page = readFileSync(new URL('../../../docs/rft-graders.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, source]) => ({ language, source: source ?? '' }))
const folder = mkdtempSync(join(tmpdir(), 'holdfast-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The names that the page imports from the package, beside its files. */
const surface = join(folder, 'surface.ts')
const source = join(import.meta.dirname, '../../../src')
writeFileSync(
  surface,
  `import { graders as builtIn } from '${source}/grader/graders.ts'
import { fromRft } from '${source}/grader/rft/from-rft.ts'
import { rouge, textSimilarity } from '${source}/grader/similarity/text-similarity.ts'
import { weighted } from '${source}/grader/weighted.ts'
export { defineEval } from '${source}/eval/define-eval.ts'
export { toRft } from '${source}/grader/rft/to-rft.ts'
export const graders = { ...builtIn, fromRft, rouge, textSimilarity, weighted }
`,
)

/** The page's n-th block at a path below the folder. */
function write(index: number, path: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, (blocks[index]?.source ?? '').replace("from 'holdfast'", `from '${surface}'`))
  return file
}

test('docs/rft-graders.md has the blocks that are tested here', () => {
  expect(blocks.map(({ language }) => language)).toEqual(['json', 'ts', 'ts', 'json'])
})

test('docs/rft-graders.md shows an eval that loads, with a grader that grades as its formula says', async () => {
  write(0, 'evals/opening-hours/grader.json')
  const { default: definition } = (await import(write(1, 'evals/opening-hours/opening-hours.eval.ts'))) as {
    readonly default: EvalDefinition
  }
  const { cases, graders } = await loadEval(definition, { origin: 'docs' })
  const [row, grader] = [cases[0], graders[0]]
  if (row === undefined || grader === undefined) throw new Error('the eval is empty')
  const grade = await gradeRft(grader, '{"answer":"closed","reason":"we are closed"}', { input: row.input, expected: row.expected })
  // One word of three is shared on both sides.
  expect(grade).toMatchObject({ subRewards: { right: 1, near: 1 / 3 }, errors: [] })
  expect(grade.reward).toBeCloseTo(0.8 + 0.2 / 9, 12)
})

test('docs/rft-graders.md shows the JSON that toRft() gives', async () => {
  const { exported } = (await import(write(2, 'scripts/export-grader.ts'))) as { readonly exported: RftExport }
  expect(exported).toEqual({ json: JSON.parse(blocks[3]?.source ?? '') })
})

test('docs/rft-graders.md names every option of fromRft()', () => {
  // The type makes this list complete.
  const options: Readonly<Record<keyof RftOptions, true>> = {
    name: true,
    weight: true,
    models: true,
    embeddings: true,
    onError: true,
    passThreshold: true,
    allowLabelModel: true,
    timeoutMs: true,
    python: true,
  }
  const table = page.slice(page.indexOf('| option'), page.indexOf('## Out'))
  expect(Object.keys(options).filter((option) => !table.includes(`\`${option}\``))).toEqual([])
})
