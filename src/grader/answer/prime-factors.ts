/**
 * @file Prime factors of whole numbers, with bounded work.
 */
const LARGEST_TRIAL = 10_000

/** Steps of a work budget that factors are worth. */
export const FACTOR_STEPS = 120

/** Prime factors with their counts. What is left of a large number after trial division stays whole: at worst two equal roots look different. */
export function primeFactors(number: bigint): ReadonlyMap<string, bigint> {
  const factors = new Map<string, bigint>()
  const count = (factor: bigint) => factors.set(factor.toString(), (factors.get(factor.toString()) ?? 0n) + 1n)
  let rest = number
  if (rest <= BigInt(Number.MAX_SAFE_INTEGER)) {
    let small = Number(rest)
    for (let trial = 2; trial <= LARGEST_TRIAL && trial * trial <= small; trial += trial === 2 ? 1 : 2) {
      for (; small % trial === 0; small /= trial) count(BigInt(trial))
    }
    rest = BigInt(small)
  }
  if (rest > 1n) {
    const half = squareRoot(rest)
    if (half * half === rest) factors.set(half.toString(), (factors.get(half.toString()) ?? 0n) + 2n)
    else count(rest)
  }
  return factors
}

/** Newton's method; the whole part of the root. */
function squareRoot(number: bigint): bigint {
  if (number < 2n) return number
  let guess = 1n << BigInt(Math.ceil(number.toString(16).length * 2) + 1)
  for (;;) {
    const next = (guess + number / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}
