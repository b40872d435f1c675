import { afterEach, describe, expect, it, vi } from 'vitest'
import { UsageError } from '../../src/cli/errors.ts'
import { failureText } from '../../src/cli/failure-text.ts'

afterEach(() => vi.unstubAllEnvs())

/** An error as Node throws it, with a stack of one known line. */
function failure(message: string, data: object = {}): Error {
  return Object.assign(new Error(message), { stack: `Error: ${message}\n    at place (file.ts:1:2)\n    at other (file.ts:3:4)` }, data)
}

describe('failureText()', () => {
  it('gives our own errors as they are', () => {
    expect(failureText(new UsageError({ summary: 'No', command: 'holdfast' }))).toBe(
      new UsageError({ summary: 'No', command: 'holdfast' }).message,
    )
  })

  it.each(['EMFILE', 'ENFILE'])('names too few file handles (%s), also as the cause of something else', (code) => {
    const text = `FILE_HANDLES_LOW  No more files can be opened (${code})
  where  place (file.ts:1:2)
  fix    allow more (ulimit -n 4096), then run the same command again; an interrupted run goes on with --resume`
    expect(failureText(failure('open', { code }))).toBe(text)
    expect(failureText(failure('outer', { cause: failure('open', { code }) }))).toBe(text)
  })

  it('names too little memory', () => {
    const cases = [
      failure('spawn ENOMEM', { code: 'ENOMEM' }),
      failure('Worker terminated due to reaching memory limit', { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
      Object.assign(new RangeError('Array buffer allocation failed'), { stack: '' }),
    ]
    expect(cases.map((error) => failureText(error).split('  ')[0])).toEqual(['MEMORY_LOW', 'MEMORY_LOW', 'MEMORY_LOW'])
    expect(failureText(cases[0])).toMatchInlineSnapshot(`
      "MEMORY_LOW  There is too little memory: "spawn ENOMEM"
        where  place (file.ts:1:2)
        fix    free memory or processes, or lower batch sizes; an interrupted run goes on with --resume"
    `)
  })

  it('names a part of the installation that is missing', () => {
    expect(failureText(failure("Cannot find package 'onnxruntime-node'", { code: 'ERR_MODULE_NOT_FOUND' }))).toMatchInlineSnapshot(`
      "INSTALL_BROKEN  A part of the installation cannot be loaded: "Cannot find package 'onnxruntime-node'"
        where  place (file.ts:1:2)
        fix    install Holdfast again with all its packages (npm ci); \`npx holdfast doctor\` says what is missing"
    `)
  })

  it('tells an unknown failure in three lines, and its stack when asked', () => {
    const plain = `UNEXPECTED  Holdfast failed in a way it does not know: "boom"
  where  place (file.ts:1:2)
  fix    please report this with the command that led here; HOLDFAST_STACK=1 prints more`
    expect(failureText(failure('boom\nsecond line'))).toBe(plain)
    vi.stubEnv('HOLDFAST_STACK', '1')
    expect(failureText(failure('boom'))).toBe(`${plain}\nError: boom\n    at place (file.ts:1:2)\n    at other (file.ts:3:4)`)
    expect(failureText(undefined)).toContain('"undefined"\n  where  unknown')
  })
})
