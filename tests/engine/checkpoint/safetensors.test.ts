import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { bfloatToFloat, floatToHalf, halfToFloat } from '../../../src/engine/checkpoint/float16.ts'
import { parseSafetensorsHeader } from '../../../src/engine/checkpoint/safetensors-header.ts'
import { encodeSafetensors, readSafetensors, tensorToFloats, writeSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-safetensors-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A file with the given header object and data bytes. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)])
}
const entry = (shape: number[], offsets: number[], dtype = 'F32'): unknown => ({ dtype, shape, data_offsets: offsets })
const problemOf = (bytes: Uint8Array): string => {
  try {
    parseSafetensorsHeader('model.safetensors', bytes, bytes.length)
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

test('readSafetensors() reads back what writeSafetensors() wrote, for any tensors', () => {
  const tensor = fc
    .array(fc.float({ noNaN: true }), { maxLength: 20 })
    .map((values) => ({ shape: [values.length], values: Float32Array.from(values) }))
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
        tensor,
      ),
      (tensors) => {
        const path = join(scratch, 'any.safetensors')
        writeSafetensors(path, new Map(Object.entries(tensors)))
        const read = readSafetensors(path)
        expect(read.tensors.size).toBe(Object.keys(tensors).length)
        for (const stored of read.tensors.values()) expect(tensorToFloats(read.bytes, stored)).toEqual(tensors[stored.name]?.values)
      },
    ),
    { numRuns: 50 },
  )
})

test('encodeSafetensors() gives equal bytes whatever the order of the tensors', () => {
  const [a, b] = [
    { shape: [2, 1], values: Float32Array.of(1, 2) },
    { shape: [1], values: Float32Array.of(3) },
  ]
  expect(
    encodeSafetensors(
      new Map([
        ['a', a],
        ['b', b],
      ]),
      'F32',
    ),
  ).toEqual(
    encodeSafetensors(
      new Map([
        ['b', b],
        ['a', a],
      ]),
      'F32',
    ),
  )
})

test('encodeSafetensors() writes the bytes of the format', () => {
  const bytes = encodeSafetensors(new Map([['w', { shape: [1], values: Float32Array.of(1) }]]), 'F16')
  const json = '{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}'
  expect(Buffer.from(bytes).subarray(8).toString('latin1')).toBe(`${json.padEnd(Math.ceil(json.length / 8) * 8)}\u0000\u003c`)
})

test('halfToFloat() and floatToHalf() are inverse for every 16-bit pattern that is a number', () => {
  const patterns = Uint16Array.from({ length: 65_536 }, (_, i) => i).filter((i) => (i & 0x7c00) !== 0x7c00 || (i & 0x3ff) === 0)
  expect(floatToHalf(halfToFloat(patterns))).toEqual(patterns)
})

test('floatToHalf() rounds to the nearest value, ties to even', () => {
  // Spacing is 2^-10 at 1, 2^-24 below 2^-14; 65519 is the last value that does not overflow.
  const values = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20, 2 ** -25, 3 * 2 ** -25, 65_519, 65_520, -1e-9)
  expect([...halfToFloat(floatToHalf(values))]).toEqual([1, 1 + 2 ** -9, 1 + 2 ** -10, 0, 2 ** -23, 65_504, Infinity, -0])
})

test('bfloatToFloat() widens the upper half of a 32-bit float', () => {
  expect([...bfloatToFloat(Uint16Array.of(0x3f80, 0xc040, 0x0000))]).toEqual([1, -3, 0])
})

test('parseSafetensorsHeader() names what is wrong with a damaged file', () => {
  const good = entry([2], [0, 8])
  expect(
    [
      problemOf(new Uint8Array(5)),
      problemOf(file({ w: good }, 8).subarray(0, 30)),
      problemOf(file('{"w": ', 8)),
      problemOf(file('[1]', 0)),
      problemOf(file({ w: { dtype: 'F32' } }, 8)),
      problemOf(file({ w: entry([3], [0, 8]) }, 8)),
      problemOf(file({ w: good, v: entry([1], [4, 8]) }, 8)),
      problemOf(file({ w: good, v: entry([1], [12, 16]) }, 16)),
      problemOf(file({ w: good }, 7)),
      problemOf(file({ w: good }, 9)),
      problemOf(file({ w: entry([2], [0, 8], 'I64') }, 8)),
      problemOf(file({ w: good }, 8)),
    ].map((message) => message.split('\n')[0]),
  ).toMatchInlineSnapshot(`
    [
      "SAFETENSORS_CORRUPT  The weight file is damaged: it is only 5 bytes long",
      "SAFETENSORS_CORRUPT  The weight file is damaged: its header claims 54 bytes, the file has 30",
      "SAFETENSORS_CORRUPT  The weight file is damaged: its header is not a JSON object",
      "SAFETENSORS_CORRUPT  The weight file is damaged: its header is not a JSON object",
      "SAFETENSORS_CORRUPT  The weight file is damaged: the header entry of tensor "w" lacks dtype, shape or data_offsets",
      "SAFETENSORS_CORRUPT  The weight file is damaged: tensor "w" has 8 bytes, its shape [3] needs 12",
      "SAFETENSORS_CORRUPT  The weight file is damaged: the data of tensor "v" overlaps or leaves a hole",
      "SAFETENSORS_CORRUPT  The weight file is damaged: the data of tensor "v" overlaps or leaves a hole",
      "SAFETENSORS_CORRUPT  The weight file is damaged: it should be 70 bytes long and is 69",
      "SAFETENSORS_CORRUPT  The weight file is damaged: it should be 70 bytes long and is 71",
      "SAFETENSORS_DTYPE  Tensor "w" is stored as I64; the engine reads F32, F16 and BF16",
      "none",
    ]
  `)
})

test('parseSafetensorsHeader() never accepts a file that was cut off', () => {
  const whole = encodeSafetensors(new Map([['w', { shape: [4], values: new Float32Array(4) }]]), 'F32')
  for (let length = 0; length < whole.length; length++) expect(problemOf(whole.subarray(0, length))).toContain('SAFETENSORS_CORRUPT')
})

test('readSafetensors() says which file is missing', () => {
  writeFileSync(join(scratch, 'cut.safetensors'), 'abc')
  expect(() => readSafetensors(join(scratch, 'none.safetensors'))).toThrow(expect.objectContaining({ code: 'MODEL_FILE_MISSING' }) as Error)
  expect(() => readSafetensors(join(scratch, 'cut.safetensors'))).toThrow('it is only 3 bytes long')
})
