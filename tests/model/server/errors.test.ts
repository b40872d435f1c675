import { expect, test } from 'vitest'
import {
  CanaryDiffersError,
  ServerAnswerInvalidError,
  ServerBusyError,
  ServerPauseTooLongError,
  ServerQuotaError,
  ServerRefusedError,
  ServerStartFailedError,
  ServerUnreachableError,
} from '../../../src/model/server/errors.ts'

const WHERE = 'http://127.0.0.1:4000/v1/completions'

test('ServerUnreachableError names the address and what was heard', () => {
  expect(new ServerUnreachableError({ where: WHERE, reason: 'ECONNREFUSED (tried 3 times)' }).message).toMatchInlineSnapshot(`
    "SERVER_UNREACHABLE  The model server gave no usable answer: "ECONNREFUSED (tried 3 times)"
      where  http://127.0.0.1:4000/v1/completions
      fix    see that the server runs and that its address and port are right; a server that Holdfast started writes server.log"
  `)
})

test('ServerRefusedError quotes the server and mends by status and code', () => {
  const refused = (status: number, code: string | null): string =>
    new ServerRefusedError({ where: WHERE, status, serverCode: code, text: 'no\nway' }).message
  expect(refused(400, null)).toMatchInlineSnapshot(`
    "SERVER_REFUSED  The model server refused with status 400: "no way"
      where  http://127.0.0.1:4000/v1/completions
      fix    the server says what it did not accept; its log may say more"
  `)
  expect(refused(401, null)).toContain('fix    give the token that the server was started with')
  expect(refused(404, null)).toContain('fix    ask for a model that the server lists under /v1/models, on a server of the OpenAI kind')
  expect(refused(503, 'out_of_memory')).toContain(
    'fix    use a smaller model, 4-bit weights, fewer new tokens, or a device with more memory',
  )
})

test('ServerAnswerInvalidError says what is wrong with the answer', () => {
  expect(new ServerAnswerInvalidError({ where: WHERE, problem: 'it gives text instead of token ids' }).message).toMatchInlineSnapshot(`
    "SERVER_ANSWER_INVALID  The model server's answer cannot be used: "it gives text instead of token ids"
      where  http://127.0.0.1:4000/v1/completions
      fix    point at vLLM or at Holdfast's own server; others may not return token ids"
  `)
})

test('ServerStartFailedError shows the end of the log', () => {
  const log = `${Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n')}\n\nOSError: no config.json\n`
  const message = new ServerStartFailedError({ where: 'gpu1, /cache/server.log', problem: 'ended before it could answer', log }).message
  expect(message.split('\n').length).toBe(1 + 12 + 2)
  expect(
    new ServerStartFailedError({
      where: 'gpu1, /cache/server.log',
      problem: 'ended before it could answer',
      log: 'a\n\nOSError: no config.json\n',
    }).message,
  ).toMatchInlineSnapshot(`
    "SERVER_START_FAILED  The model server ended before it could answer; its log ends with
               "a"
               "OSError: no config.json"
      where  gpu1, /cache/server.log
      fix    mend what the log names, or run npx holdfast doctor"
  `)
  expect(new ServerStartFailedError({ where: 'log', problem: 'did not answer within 3 seconds', log: '' }).summary).toBe(
    'The model server did not answer within 3 seconds; its log is empty',
  )
})

test('CanaryDiffersError says which name and what was seen', () => {
  expect(
    new CanaryDiffersError({ name: 'base-1111', problem: 'its log-probabilities differ by 0.5 nats, at most 0.001 nats is rounding' })
      .message,
  ).toMatchInlineSnapshot(`
    "CANARY_DIFFERS  The model served as "base-1111" is not the one that was trained: its log-probabilities differ by 0.5 nats, at most 0.001 nats is rounding
      where  canary.json beside the adapter
      fix    nothing was graded with it; start the server anew, with the base, revision and precision that the adapter was trained on"
  `)
})

test('ServerQuotaError says that waiting does not help', () => {
  expect(new ServerQuotaError({ where: WHERE, status: 429, text: 'You exceeded your current quota' }).message).toMatchInlineSnapshot(`
    "SERVER_QUOTA_EXHAUSTED  The model server's account has used up what it may: status 429, "You exceeded your current quota"
      where  http://127.0.0.1:4000/v1/completions
      fix    add credit or raise the limit with whoever runs the server (waiting does not help), then go on: every answer that came is kept"
  `)
})

test('ServerPauseTooLongError says for how long', () => {
  const message = (askedMs: number): string =>
    new ServerPauseTooLongError({ where: WHERE, status: 429, text: 'slow down', askedMs }).message
  expect(message(3_600_000)).toMatchInlineSnapshot(`
    "SERVER_PAUSE_TOO_LONG  The model server asks for a wait of 60 minutes: status 429, "slow down"
      where  http://127.0.0.1:4000/v1/completions
      fix    go on after that time, or with a key that may ask more: every answer that came is kept (waits up to 5 minutes are sat through)"
  `)
  expect(message(86_400_000)).toContain('asks for a wait of 24 hours')
})

test('ServerBusyError says what was heard last', () => {
  expect(new ServerBusyError({ where: WHERE, busyMs: 300_000, reason: 'status 429: busy' }).message).toMatchInlineSnapshot(`
    "SERVER_BUSY  The model server has turned every request away for 5 minutes, the last with: "status 429: busy"
      where  http://127.0.0.1:4000/v1/completions
      fix    go on when it has room, or with a key that may ask more: every answer that came is kept"
  `)
})
