import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../src/eval/case.ts'
import type { Grade, GradeInput, Grader } from '../../src/eval/grader.ts'
import { gradeOf } from '../../src/grader/grade-result.ts'
import { graders } from '../../src/grader/graders.ts'
import { callGrader } from '../../src/grading/call-grader.ts'
import { TIMED_OUT, withinDeadline } from '../../src/base/deadline.ts'

const row: Case = { id: 'c', input: 'q', expected: 'yes', role: 'gate', tags: [] }
const completion = { text: 'yes', tokenIds: [], logProbs: null, finishReason: 'stop' as const }
const input: GradeInput = { case: row, completion, parsed: 'yes', profile: 'eval' }

/** A grader whose `grade` is the function itself, with nothing of ours around it. */
const bare = (grade: (input: GradeInput) => unknown): Grader => ({ ...graders.exactMatch(), name: 'bare', grade: grade as Grader['grade'] })
/** Timers that keep this process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

describe('callGrader()', () => {
  test('callGrader() gives null and GRADER_TIMED_OUT for a grader that hangs', async () => {
    const hanging = graders.custom('slow\u001b', () => new Promise<boolean>(() => {}))
    expect(await callGrader(hanging, input, 20)).toEqual({
      ...gradeOf(0),
      reward: null,
      errors: [{ code: 'GRADER_TIMED_OUT', message: 'grader "slow " gave no grade within 20 ms' }],
    })
  })

  test('callGrader() swallows what a grader rejects with after its deadline', async () => {
    let failLate: ((error: Error) => void) | undefined
    const late = bare(() => new Promise((_, reject) => (failLate = reject)))
    expect((await callGrader(late, input, 5)).errors[0]?.code).toBe('GRADER_TIMED_OUT')
    expect(failLate).toBeTypeOf('function')
    failLate?.(new Error('too late'))
    // An unhandled rejection would fail the test run.
    await setImmediate()
  })

  test('callGrader() leaves no timer behind, and starts none for a grader that answers at once', async () => {
    const before = timers()
    let during = -1
    const atOnce = callGrader(
      bare(() => gradeOf(1)),
      input,
    )
    during = timers()
    expect(await atOnce).toEqual(gradeOf(1))
    const later = callGrader(
      bare(() => Promise.resolve(gradeOf(0.5))),
      input,
    )
    const waiting = timers()
    expect(await later).toEqual(gradeOf(0.5))
    expect([during - before, waiting - before, timers() - before]).toEqual([0, 1, 0])
  })

  test('callGrader() takes promises of any make, and calls one that throws a grader that threw', async () => {
    // oxlint-disable-next-line unicorn/no-thenable
    const thenable = (then: unknown): Grader => bare(() => ({ then }))
    const give = (resolve: (grade: Grade) => void): void => resolve(gradeOf(1))
    const fail = (): never => {
      throw new Error('no promise')
    }
    expect((await callGrader(thenable(give), input)).reward).toBe(1)
    expect((await callGrader(thenable(fail), input)).errors).toEqual([
      { code: 'GRADER_THREW', message: 'grader "bare" threw "no promise"' },
    ])
    expect((await callGrader(thenable('x'), input)).errors[0]?.code).toBe('GRADER_BAD_GRADE')
  })
})

describe('withinDeadline()', () => {
  test('withinDeadline() gives the answer, or what the work rejects with', async () => {
    expect(await withinDeadline(Promise.resolve(undefined), { deadlineMs: 1000 })).toBe(undefined)
    await expect(withinDeadline(Promise.reject(new RangeError('x')), { deadlineMs: 1000 })).rejects.toThrow(RangeError)
    expect(await withinDeadline(new Promise(() => {}), { deadlineMs: 1, keepAlive: true })).toBe(TIMED_OUT)
  })

  test('withinDeadline() does not count time in which the event loop stood still', async () => {
    const work = async (): Promise<string> => {
      await sleep(5)
      for (let turn = 0; turn < 5; turn++) await setImmediate()
      await sleep(5)
      return 'in time'
    }
    const answer = withinDeadline(work(), { deadlineMs: 100 })
    for (const endMs = performance.now() + 400; performance.now() < endMs;);
    expect(await answer).toBe('in time')
  })

  test('withinDeadline() keeps the process alive only where it is asked to', async () => {
    const before = timers()
    const answer = withinDeadline(sleep(20), { deadlineMs: 50_000, keepAlive: false })
    expect(timers() - before).toBe(1)
    await answer
  })
})
