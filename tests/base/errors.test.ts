import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { defineError, formatParts, HoldfastError, InternalError, isHoldfastError } from '../../src/base/errors.ts'
import { quoteUntrusted } from '../../src/base/untrusted-text.ts'

afterEach(() => vi.unstubAllEnvs())

/** Water where none should be. */
class LeakError extends defineError('LEAK', ({ room, liters }: { room: string; liters: number }) => ({
  summary: `${liters} liters stand in ${quoteUntrusted(room)}`,
  where: `room ${room}`,
  fix: 'close the tap',
})) {}

describe('defineError()', () => {
  it('makes a class whose errors hold a code, data, and the texts that follow from them', () => {
    const error = new LeakError({ room: 'attic', liters: 3 })
    expect(error).toMatchObject({ name: 'LeakError', code: 'LEAK', data: { room: 'attic', liters: 3 } })
    expect(error.message).toBe('LEAK  3 liters stand in "attic"\n  where  room attic\n  fix    close the tap')
    expect(error).toBeInstanceOf(LeakError)
    expect(error).toBeInstanceOf(HoldfastError)
    expect(error).toBeInstanceOf(Error)
    expect(error.stack).toMatch(/^LeakError: LEAK {2}3 liters[^]*errors\.test\.ts/)
  })

  it('gives the code as a literal type and the data with their own', () => {
    expectTypeOf<LeakError['code']>().toEqualTypeOf<'LEAK'>()
    expectTypeOf<LeakError['data']>().toEqualTypeOf<Readonly<{ room: string; liters: number }>>()
    // @ts-expect-error data that JSON cannot hold
    expect(defineError('X', (_: { at: Date; done: () => void }) => ({ summary: '', where: '', fix: '' })).code).toBe('X')
  })

  it('keeps a cause, and has none where none was given', () => {
    const cause = new RangeError('no')
    expect(new LeakError({ room: 'attic', liters: 3 }, { cause }).cause).toBe(cause)
    expect('cause' in new LeakError({ room: 'attic', liters: 3 })).toBe(false)
    expect('cause' in new LeakError({ room: 'attic', liters: 3 }, { cause: undefined })).toBe(false)
  })

  it('says without an instance what the texts of data are, without secrets', () => {
    vi.stubEnv('HOLDFAST_API_KEY', 'sk-0123456789')
    expect(LeakError.code).toBe('LEAK')
    expect(LeakError.textsOf({ room: 'sk-0123456789', liters: 1 })).toEqual({
      summary: '1 liters stand in "[redacted]"',
      where: 'room [redacted]',
      fix: 'close the tap',
    })
  })

  it('takes known secrets out of the data as well as out of the texts', () => {
    vi.stubEnv('HOLDFAST_API_KEY', 'sk-0123456789')
    const error = new LeakError({ room: 'behind sk-0123456789', liters: 1 })
    expect(error.data).toEqual({ room: 'behind [redacted]', liters: 1 })
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('0123456789')
  })
})

describe('HoldfastError', () => {
  it('toJSON() gives code, texts and data, from which the same texts follow again', () => {
    const error = new LeakError({ room: 'a\u001b[2Jb', liters: 0.1 })
    const read = JSON.parse(JSON.stringify(error)) as ReturnType<LeakError['toJSON']>
    expect(Object.keys(read)).toEqual(['code', 'summary', 'where', 'fix', 'data'])
    expect(formatParts({ code: read.code, ...LeakError.textsOf(read.data) })).toBe(error.message)
  })
})

describe('isHoldfastError()', () => {
  it('knows an error of another copy of the package, and nothing else', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('holdfast.error'), { value: true })
    expect([foreign, new LeakError({ room: '', liters: 0 }), new Error('x'), null, 'LEAK'].map(isHoldfastError)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('InternalError', () => {
  it('asks for a report', () => {
    expect(new InternalError('two and two are five', 'sums').message).toMatchInlineSnapshot(`
      "INTERNAL  two and two are five
        where  sums
        fix    this is a bug in Holdfast: please report it with the command that led here"
    `)
  })
})
