/**
 * @file Conversion between 32-bit floats and the two 16-bit formats of weight files, IEEE binary16 and bfloat16. It knows nothing of files.
 */

const scratch = new Float32Array(1)
const scratchBits = new Uint32Array(scratch.buffer)
let halfTable: Float32Array | undefined

/** The values of IEEE binary16 bit patterns. */
export function halfToFloat(bits: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, pattern) => decodeHalf(pattern))
  const table = halfTable
  const result = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) result[i] = table[bits[i] as number] as number
  return result
}

/** The nearest IEEE binary16 bit patterns (ties to even); values beyond 65504 become infinite. */
export function floatToHalf(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) result[i] = encodeHalf(values[i] as number)
  return result
}

/** The values of bfloat16 bit patterns. */
export function bfloatToFloat(bits: Uint16Array): Float32Array {
  const result = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) result[i] = (bits[i] as number) << 16
  return new Float32Array(result.buffer)
}

function decodeHalf(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1
  const exponent = (pattern >>> 10) & 0x1f
  const fraction = pattern & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function encodeHalf(exact: number): number {
  scratch[0] = exact
  const value = scratch[0]
  const bits = scratchBits[0] as number
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00
  if (magnitude >= 0x4780_0000) return sign | 0x7c00
  // Below the smallest normal half the spacing is fixed at 2^-24, so rounding is rounding of an integer.
  if (magnitude < 0x3880_0000) return sign | roundToEven(Math.abs(value) * 2 ** 24)
  const shifted = magnitude - 0x3800_0000
  return sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13)
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
