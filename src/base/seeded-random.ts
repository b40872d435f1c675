/**
 * @file Seeded random numbers that are equal on every machine. A stream is named by a seed and a path of labels, so any part of a run
 * can be drawn again without drawing what came before it (this is what makes resuming exact). Not for cryptography.
 * Source: sfc32 by Chris Doty-Humphrey (PractRand), seeded from SHA-256.
 */
import { createHash, hash } from 'node:crypto'

/** One stream of uniform numbers. */
export interface SeededRandom {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal variate (Box-Muller). */
  normal(): number
  /** A new array with the same items in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** One item, uniformly; the array must not be empty. */
  pick<T>(items: readonly T[]): T
}

/** The stream named by `seed` and `labels`: the same names always give the same numbers, different names independent ones. */
export function seededRandom(seed: number | string, ...labels: readonly (string | number)[]): SeededRandom {
  const next = sfc32(
    createHash('sha256')
      .update(JSON.stringify([seed, ...labels]))
      .digest(),
  )
  const integer = (bound: number): number => Math.floor(next() * bound)
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      const held = result[i] as T
      result[i] = result[j] as T
      result[j] = held
    }
    return result
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return { next, integer, normal, shuffle, pick: (items) => items[integer(items.length)] as (typeof items)[number] }
}

/** A 32-bit seed derived from `seed` and `labels`, for parts that take a plain number. */
export function deriveSeed(seed: number | string, ...labels: readonly (string | number)[]): number {
  const first = Number.parseInt(hash('sha256', JSON.stringify([seed, ...labels])).slice(0, 8), 16)
  // The first four bytes as a number with the lowest byte first.
  return (((first & 0xff) << 24) | ((first & 0xff00) << 8) | ((first >>> 8) & 0xff00) | (first >>> 24)) >>> 0
}

function sfc32(key: Buffer): () => number {
  let a = key.readUInt32LE(0)
  let b = key.readUInt32LE(4)
  let c = key.readUInt32LE(8)
  let counter = key.readUInt32LE(12)
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}
