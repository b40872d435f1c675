import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { openLocalTrlTrainer } from './local-trl-trainer.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-token-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Every text below a folder in one. */
function everything(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return names.map((path) => (statSync(path).isFile() ? readFileSync(path, 'utf8') : '')).join('\n')
}

it('createTrlTrainer() gives a runner on this machine its token without writing it to any file, also where both are killed', async () => {
  const directory = join(scratch, 'training')
  const seen = join(scratch, 'seen')
  // As a runner that is killed the moment it has looked around: what lies there then is what a killed Holdfast would leave too.
  const python = join(scratch, 'python')
  writeFileSync(
    python,
    `#!/bin/sh\ncp -r '${directory}' '${seen}'\nprintf %s "$HOLDFAST_GRADER_TOKEN" > '${scratch}/token.txt'\nkill -9 $$\n`,
  )
  chmodSync(python, 0o755)
  const tokenizer = { renderChat: () => ({ ids: [1] }), encode: () => [1, 2], decode: () => '', turnEnd: () => [2] } as unknown as Tokenizer
  const { trainer, close } = openLocalTrlTrainer(python, { directory: '/base', model: { stopIds: [2] }, tokenizer })
  const handle = await trainer.submit(
    {
      ...{ schemaVersion: 1, runId: 'r', round: '01-a', arm: 'sft', base: { directory: '/base', hash: 'h' }, parentAdapter: null },
      lora: { rank: 1, alpha: 1, targets: ['q_proj'] },
      method: { name: 'sft', steps: 1, batchSize: 1, optimizer: { learningRate: 0.1 } },
      ...{ seeds: { initialisation: 1, order: 1, sampling: 1 }, maxNewTokens: 4, passThreshold: 1, checkpointSteps: [1], directory },
      examples: [{ type: 'demonstration', caseId: 'a', messages: [], completion: 'x' }],
    },
    { grade: () => Promise.resolve([]), graderHash: () => 'g' },
  )
  expect(await handle.artifacts()).toMatchObject({ state: 'lost', code: 'RUNNER_LOST' })
  await close()
  const token = readFileSync(join(scratch, 'token.txt'), 'utf8')
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.parse(readFileSync(join(seen, 'grader.json'), 'utf8'))).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
  expect(everything(seen)).not.toContain(token)
  expect(everything(directory)).not.toContain(token)
})
