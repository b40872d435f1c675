/**
 * @file The paired sign-flip permutation test: if nothing changed, each difference could as well have had the other sign. For graded or
 * repeated scores (one mean difference a case) and for clusters (one sum of differences a cluster).
 */
import { seededRandom } from '../base/seeded-random.ts'

/** p-values of the sign-flip test on the sum of the differences. */
export interface SignFlipResult {
  /** One-sided p of "the sum is below 0". */
  readonly pLoss: number
  /** One-sided p of "the sum is above 0". */
  readonly pGain: number
  readonly pTwoSided: number
  /** Whether every assignment of signs was counted, or a seeded sample of them. */
  readonly exact: boolean
}

/** How the Monte Carlo draws are made where counting is out of reach. */
export interface Resampling {
  readonly resamples: number
  readonly seed: number | string
}

/** Up to this many differences that are not 0, all 2^n signs are counted. */
const ENUMERATE_UP_TO = 16
/** Whole-number differences are counted by convolution while differences x range stays below this. */
const CONVOLVE_UP_TO = 5_000_000
/** Differences whose signs are drawn together, and the signed sums they can have. */
const BLOCK = 8
const BLOCK_SUMS = 256

/**
 * Tests whether the differences lean to one side. Exact for whole numbers (sums of passes over clusters) and for at most 16 differences,
 * otherwise Monte Carlo with p = (1 + count) / (1 + resamples). Ties count, with a tolerance for rounding.
 */
export function signFlip(differences: readonly number[], { resamples, seed }: Resampling): SignFlipResult {
  const sizes = differences.filter((difference) => difference !== 0).map(Math.abs)
  if (sizes.length === 0) return { pLoss: 1, pGain: 1, pTwoSided: 1, exact: true }
  const observed = differences.reduce((sum, difference) => sum + difference, 0)
  const range = sizes.reduce((sum, size) => sum + size, 0)
  if (sizes.every(Number.isInteger) && sizes.length * range <= CONVOLVE_UP_TO) return convolve(sizes, range, observed)
  const tally = new Tally(observed, range)
  const exact = sizes.length <= ENUMERATE_UP_TO
  if (exact) enumerate(sizes, tally)
  else sample(sizes, tally, { resamples, seed })
  return tally.result(exact)
}

class Tally {
  private readonly observed: number
  private readonly tolerance: number
  private below = 0
  private above = 0
  private outside = 0
  private total = 0

  constructor(observed: number, range: number) {
    this.observed = observed
    this.tolerance = 1e-12 * Math.max(1, range)
  }

  add(sum: number, weight = 1): void {
    this.total += weight
    if (sum <= this.observed + this.tolerance) this.below += weight
    if (sum >= this.observed - this.tolerance) this.above += weight
    if (Math.abs(sum) >= Math.abs(this.observed) - this.tolerance) this.outside += weight
  }

  result(exact: boolean): SignFlipResult {
    // A sample always contains the assignment that was seen, which is what the added 1 stands for.
    const seen = exact ? 0 : 1
    const p = (count: number): number => Math.min(1, (seen + count) / (seen + this.total))
    return { pLoss: p(this.below), pGain: p(this.above), pTwoSided: p(this.outside), exact }
  }
}

function enumerate(sizes: readonly number[], tally: Tally): void {
  for (let signs = 0; signs < 2 ** sizes.length; signs++) {
    let sum = 0
    for (let i = 0; i < sizes.length; i++) sum += (signs >> i) & 1 ? (sizes[i] as number) : -(sizes[i] as number)
    tally.add(sum)
  }
}

/** The exact distribution of the sum of whole numbers with random signs, built up one number at a time. */
function convolve(sizes: readonly number[], range: number, observed: number): SignFlipResult {
  let share = new Float64Array(2 * range + 1)
  share[range] = 1
  let reach = 0
  for (const size of sizes) {
    const next = new Float64Array(2 * range + 1)
    for (let i = range - reach; i <= range + reach; i++) {
      const half = (share[i] as number) / 2
      if (half === 0) continue
      next[i - size] = (next[i - size] as number) + half
      next[i + size] = (next[i + size] as number) + half
    }
    share = next
    reach += size
  }
  const tally = new Tally(observed, 1)
  for (let i = 0; i <= 2 * range; i++) tally.add(i - range, share[i])
  return tally.result(true)
}

function sample(sizes: readonly number[], tally: Tally, { resamples, seed }: Resampling): void {
  const random = seededRandom(seed, 'sign-flip')
  const blocks = signedSums(sizes)
  for (let draw = 0; draw < resamples; draw++) {
    let sum = 0
    let bits = 0
    for (let at = 0; at < blocks.length; at += BLOCK_SUMS) {
      if ((at & (4 * BLOCK_SUMS - 1)) === 0) bits = (random.next() * 4_294_967_296) | 0
      sum += blocks[at + (bits & (BLOCK_SUMS - 1))] as number
      bits >>>= BLOCK
    }
    tally.add(sum)
  }
}

/** The 256 signed sums of every 8 differences in turn, so that a draw looks up one number where it would add eight. */
function signedSums(sizes: readonly number[]): Float64Array {
  const sums = new Float64Array(Math.ceil(sizes.length / BLOCK) * BLOCK_SUMS)
  for (let start = 0, at = 0; start < sizes.length; start += BLOCK, at += BLOCK_SUMS) {
    for (let signs = 0; signs < BLOCK_SUMS; signs++) {
      for (let i = 0; i < BLOCK; i++) {
        const size = sizes[start + i] ?? 0
        sums[at + signs] = (sums[at + signs] as number) + ((signs >> i) & 1 ? size : -size)
      }
    }
  }
  return sums
}
