import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { item, openBench, type Bench } from './grader-fixture.ts'

let bench: Bench
beforeEach(() => void (bench = openBench()))
afterEach(() => bench.close())

const one = { step: 0, rank: 0, items: [item(0, '1')] }

describe('GraderServer.close()', () => {
  test('GraderServer.close() lets the process end, a hanging grader notwithstanding', async () => {
    const module = new URL('../../../../src/trainer/trl/rewards/server.ts', import.meta.url).href
    const script = `
      const { startGraderServer } = await import(${JSON.stringify(module)})
      let asked
      const begun = new Promise((resolve) => (asked = resolve))
      const services = { grade: () => (asked(), new Promise(() => {})) }
      const options = { services, decode: () => '', stopIds: [0], run: 'r', round: 'o', arm: 'a', graderHash: 'h', directory: ${JSON.stringify(bench.directory)} }
      const server = await startGraderServer({ ...options, limits: { deadlineMs: 3_600_000 } })
      const headers = { authorization: 'Bearer ' + server.token }
      fetch(server.url + '/rewards', { method: 'POST', headers, body: ${JSON.stringify(JSON.stringify(one))} }).catch(() => console.log('cut off'))
      await begun
      await server.close()
      console.log('closed')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      timeout: 120_000,
    })
    expect(stdout.split('\n').sort()).toEqual(['', 'closed', 'cut off'])
  })
})
