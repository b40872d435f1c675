import { constants } from 'node:os'
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/guard.ts'
import { lostProcessText, notStartedText } from '../../src/cli/lost-process.ts'

describe('exitCodeOf()', () => {
  it.each([0, 1, 2, 3])('gives the code %i only where the command line itself chose it', (code) => {
    expect(exitCodeOf({ code: 64 + code, signal: null })).toBe(code)
    expect(exitCodeOf({ code, signal: null })).toBe(null)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('gives 128 and the number of %s, whether it was heard or not', (signal) => {
    const code = 128 + constants.signals[signal]
    expect([exitCodeOf({ code: null, signal }), exitCodeOf({ code, signal: null })]).toEqual([code, code])
  })

  it('gives 141 for a closed output and nothing for every other end', () => {
    expect(exitCodeOf({ code: 141, signal: null })).toBe(141)
    const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => ![64, 65, 66, 67, 129, 130, 141, 143].includes(code))
    expect(others.map((code) => exitCodeOf({ code, signal: null })).every((code) => code === null)).toBe(true)
    for (const signal of ['SIGKILL', 'SIGABRT', 'SIGSEGV', 'SIGBUS'] as const) expect(exitCodeOf({ code: null, signal })).toBe(null)
  })
})

describe('lostProcessText()', () => {
  it('says what ended the process and how to go on', () => {
    expect(lostProcessText({ code: null, signal: 'SIGABRT' })).toMatchInlineSnapshot(`
      "PROCESS_LOST  Node gave up, most likely because its heap was full; what was written is intact
        where  it was ended by SIGABRT
        fix    give it more: NODE_OPTIONS=--max-old-space-size=8192; go on with --resume"
    `)
    expect(lostProcessText({ code: null, signal: 'SIGKILL' })).toMatchInlineSnapshot(`
      "PROCESS_LOST  The process was killed, most likely because the machine ran out of memory; what was written is intact
        where  it was ended by SIGKILL
        fix    free memory, or lower batch sizes; go on with --resume"
    `)
    expect(lostProcessText({ code: null, signal: 'SIGSEGV' })).toMatchInlineSnapshot(`
      "PROCESS_LOST  The process crashed in native code; what was written is intact
        where  it was ended by SIGSEGV
        fix    report this with the command that led here; go on with --resume"
    `)
    expect(lostProcessText({ code: 13, signal: null })).toMatchInlineSnapshot(`
      "PROCESS_LOST  The work stopped with something still awaited; what was written is intact
        where  it ended with code 13
        fix    report this with the command that led here; go on with --resume"
    `)
    expect(lostProcessText({ code: 0, signal: null })).toMatchInlineSnapshot(`
      "PROCESS_LOST  Something ended the process from inside: Node itself (then its message stands above), or process.exit in an eval or grader; what was written is intact
        where  it ended with code 0
        fix    give more memory or open files, or remove that call; go on with --resume"
    `)
  })
})

describe('notStartedText()', () => {
  it('says why nothing was started', () => {
    expect(notStartedText(new Error('spawn EAGAIN')).replace(process.execPath, '<node>')).toMatchInlineSnapshot(`
      "PROCESS_NOT_STARTED  The process that does the work could not be started: "spawn EAGAIN"
        where  <node>
        fix    give more memory, processes or open files (ulimit -a shows the limits), then run the same command again"
    `)
  })
})
