import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { json, startChatServer } from '../../model/chat/misbehaving-server.ts'
import type { ChatServer, ChatServerOptions } from '../../model/chat/misbehaving-server.ts'
import { startHoldfast } from './holdfast-process.ts'
import type { Ended, Started } from './holdfast-process.ts'

const here = (name: string): string => new URL(name, import.meta.url).pathname
const CASES = 300
const DELAY_MS = 200

let directory = ''
let reports = ''
const servers: ChatServer[] = []

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-interrupted-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function start(options: ChatServerOptions = {}): Promise<ChatServer> {
  const isCase = (question: string): boolean => question.startsWith('One more')
  const server = await startChatServer({
    say: (question) => String(Number(/\d+/.exec(question)?.[0] ?? 0) + 1),
    delayMs: ({ question }) => (isCase(question) ? DELAY_MS : 0),
    ...options,
  })
  servers.push(server)
  reports = mkdtempSync(join(directory, 'reports-'))
  return server
}

const holdfast = (...args: readonly string[]): Started => startHoldfast(args, { reports })

const evaluate = (server: ChatServer, ...more: readonly string[]): Started =>
  holdfast('eval', here('./sums.eval.ts'), '--model', `${server.url}#scripted`, ...more)

const casesIn = (list: readonly { readonly question: string }[]): string[] =>
  list.map(({ question }) => question).filter((question) => question.startsWith('One more'))

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Ends the process in the middle; `answered` are those that were answered so early that they must be kept. */
async function killed(
  { child, ended }: Started,
  server: ChatServer,
  signal: 'SIGKILL' | 'SIGINT',
): Promise<Ended & { answered: Set<string> }> {
  const answeredShare = (share: number) => () => child.exitCode !== null || casesIn(server.answered).length >= share * CASES
  await until(answeredShare(1 / 4))
  const answered = new Set(casesIn(server.answered))
  await new Promise((resolve) => setTimeout(resolve, 200))
  await until(answeredShare(1 / 2))
  child.kill(signal)
  return { ...(await ended), answered }
}

const askedAgain = (server: ChatServer, from: number, answered: ReadonlySet<string>): string[] =>
  casesIn(server.seen)
    .slice(from)
    .filter((question) => answered.has(question))

const gradesFiles = (): string[] => readdirSync(join(reports, 'evals')).filter((name) => name.endsWith('.jsonl'))

describe.each<[string, ChatServerOptions, readonly string[], readonly string[]]>([
  ['whose weights cannot be told', { logProbs: false }, [], ['--resume']],
  ['that shows its weights', {}, [], []],
  ['that shows its weights, without a cache', {}, ['--cache', 'off'], ['--resume']],
])('eval on a slow server %s', (_, options, flags, resume) => {
  test('goes on after SIGKILL and asks again only what was under way', async () => {
    const server = await start(options)
    const { answered } = await killed(evaluate(server, ...flags), server, 'SIGKILL')
    const asked = casesIn(server.seen).length
    const result = await evaluate(server, ...flags, ...resume).ended
    expect(result).toMatchObject({ code: 0, out: expect.stringContaining('passed     100.0 % of 300 cases') })
    expect(askedAgain(server, asked, answered)).toEqual([])
    expect(new Set(casesIn(server.seen)).size).toBe(CASES)
    expect(gradesFiles().length).toBe(1)
    // A header, a line for each case, and the end of the last one.
    expect(readFileSync(join(reports, 'evals', gradesFiles()[0] as string), 'utf8').split('\n').length).toBe(CASES + 2)
    expect(existsSync(join(reports, 'evals', 'unfinished')) ? readdirSync(join(reports, 'evals', 'unfinished')) : []).toEqual([])
  })
})

describe('eval on a server whose weights cannot be told', () => {
  test('stops at Ctrl+C after the answers under way, keeps them all and says how to go on', async () => {
    const server = await start({ logProbs: false })
    const stopped = await killed(evaluate(server, '--limit', '300'), server, 'SIGINT')
    const asked = casesIn(server.seen).length
    expect(asked).toBeLessThan(CASES)
    expect(stopped.code).toBe(130)
    const command = `npx holdfast eval ${here('./sums.eval.ts')} --model ${server.url}#scripted --limit 300 --reports ${reports} --resume`
    expect(stopped.error).toContain(`CLI_INTERRUPTED  Stopped as asked; every answer that came is kept`)
    expect(stopped.error).toContain(`fix    go on with: ${command}`)
    await evaluate(server, '--limit', '300', '--resume').ended
    expect(casesIn(server.seen).length).toBe(CASES)
  })

  test('keeps every answer when one request is refused with 401, and says how to go on', async () => {
    let isRefused = false
    const behave: ChatServerOptions['behave'] = ({ question }) => {
      if (!question.includes(' 60 ') || isRefused) return null
      isRefused = true
      return json(401, { error: { message: 'token expired' } })
    }
    const server = await start({ logProbs: false, behave })
    const failed = await evaluate(server).ended
    const asked = casesIn(server.seen).length
    expect([failed.code, asked < CASES]).toEqual([3, true])
    expect(failed.error).toMatch(new RegExp(`kept {7}${asked - 1} of 300 completions were answered and are kept`))
    expect(failed.error).toContain(
      `go on with npx holdfast eval ${here('./sums.eval.ts')} --model ${server.url}#scripted --reports ${reports} --resume`,
    )
    expect((await evaluate(server, '--resume').ended).code).toBe(0)
    expect(casesIn(server.seen).length).toBe(CASES + 1)
  })

  test('keeps every answer when the server is gone in mid-run', async () => {
    let isGone = false
    const behave: ChatServerOptions['behave'] = () => (isGone ? (response) => response.destroy() : null)
    const server = await start({ logProbs: false, behave })
    const running = evaluate(server)
    await until(() => casesIn(server.answered).length >= CASES / 3)
    isGone = true
    const answered = new Set(casesIn(server.answered))
    await until(() => casesIn(server.seen).length > 2 * CASES)
    running.child.kill('SIGKILL')
    await running.ended
    isGone = false
    const asked = casesIn(server.seen).length
    await evaluate(server, '--resume').ended
    // Connections that were cut in the act are not answers.
    expect(askedAgain(server, asked, answered).length).toBeLessThanOrEqual(1)
  })

  test('begins anew without --resume, and says that there is something to go on with', async () => {
    const server = await start({ logProbs: false })
    await killed(evaluate(server), server, 'SIGKILL')
    const anew = await evaluate(server).ended
    expect(anew.out).toContain('EVAL_UNFINISHED')
    expect(anew.out).toContain('this one begins anew, and --resume would go on with that one')
    const nothing = await evaluate(server, '--resume').ended
    expect(nothing.code).toBe(3)
    expect(nothing.error).toContain('EVAL_NOTHING_TO_RESUME  There is no interrupted evaluation of "sums" on this model')
  })
})

test('gate on servers whose weights cannot be told goes on after SIGKILL and asks again only what was under way', async () => {
  const server = await start({ logProbs: false })
  const other = await start({ logProbs: false })
  const models = ['--parent', `${server.url}#scripted`, '--candidate', `${other.url}#scripted`]
  const gate = (...more: readonly string[]): Started => holdfast('gate', here('./sums.suite.ts'), ...models, ...more)
  const { answered } = await killed(gate(), other, 'SIGKILL')
  const asked = casesIn(other.seen).length
  const result = await gate('--resume').ended
  expect([0, 1, 2]).toContain(result.code)
  expect(casesIn(server.seen).length).toBe(CASES)
  expect(askedAgain(other, asked, answered)).toEqual([])
  expect(new Set(casesIn(other.seen)).size).toBe(CASES)
})
