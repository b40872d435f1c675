/**
 * @file Times a second evaluation of 100,000 cases whose completions are all on disk: a fresh process loads the eval, reads the cache, grades and writes
 * the ledger, and asks no model. Run: npm run bench:cache
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineEval } from '../src/eval/define-eval.ts'
import { exactMatch } from '../src/grader/exact-match.ts'
import { createCachedModel } from '../src/model/cache/cached-model.ts'
import type { Model } from '../src/model/model.ts'
import { evaluateEval } from '../src/round/evaluate.ts'

const CASES = 100_000

/** Answers at once; `mayAsk` false makes a question that the cache should have answered an error. */
function echo(mayAsk: boolean): Model {
  return {
    identity: { base: 'echo', adapter: null, tokenizer: 'none', precision: 'none', device: 'none', engine: 'echo' },
    remote: true,
    renderedHash: () => '0000000000000000',
    generate: (prompts) => {
      if (!mayAsk) throw new Error('the cache did not know a completion')
      const answer = (text: string) => ({ text, tokenIds: [], logProbs: null, finishReason: 'stop' as const })
      return Promise.resolve(prompts.map(({ messages, seeds }) => seeds.map(() => answer(messages.at(-1)?.content ?? ''))))
    },
    close: () => Promise.resolve(),
  }
}

async function evaluate(folder: string, mayAsk: boolean): Promise<void> {
  const began = performance.now()
  const model = createCachedModel({ model: echo(mayAsk), conditions: 'echo', unit: 'completion', root: join(folder, 'cache') })
  const cases = pathToFileURL(join(folder, 'cases.jsonl'))
  const definition = defineEval({ name: 'echo', cases, prompt: '{{input}}', graders: [exactMatch()] })
  const { passed } = await evaluateEval({ definition, file: 'echo', model, directory: join(folder, 'reports') })
  await model.close()
  const { user, system } = process.cpuUsage()
  const wall = (performance.now() - began) / 1000
  const whole = performance.now() / 1000
  console.log(
    `${mayAsk ? 'first run ' : 'second run'}  ${passed} of ${CASES} passed  ${wall.toFixed(2)} s (whole process ${whole.toFixed(2)} s, CPU ${((user + system) / 1e6).toFixed(2)} s)`,
  )
}

const [mode, given] = process.argv.slice(2)
if (mode === 'again' && given !== undefined) {
  await evaluate(given, false)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-cached-'))
  try {
    const rows = Array.from({ length: CASES }, (_, n) =>
      JSON.stringify({ id: `c${n}`, role: 'dev', input: `number ${n}`, expected: `number ${n}` }),
    )
    writeFileSync(join(folder, 'cases.jsonl'), `${rows.join('\n')}\n`)
    await evaluate(folder, true)
    execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), 'again', folder], { stdio: 'inherit' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
