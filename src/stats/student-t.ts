/**
 * @file Student's t distribution: the reference for statistics whose variance was estimated from a few clusters or seeds.
 */
import { regularizedIncompleteBeta } from './incomplete-beta.ts'
import { normalQuantile } from './normal.ts'

/** P(T > t) with `degreesOfFreedom` > 0, fractional ones included. */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  if (t < 0) return 1 - studentTUpperTail(-t, degreesOfFreedom)
  return 0.5 * regularizedIncompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
}

/** The t with P(T <= t) = `probability`, 0 < probability < 1. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability < 0.5) return -studentTQuantile(1 - probability, degreesOfFreedom)
  const upper = 1 - probability
  let low = 0
  let high = Math.max(1, 2 * normalQuantile(probability))
  while (studentTUpperTail(high, degreesOfFreedom) > upper) high *= 2
  for (let i = 0; i < 100 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2
    if (studentTUpperTail(middle, degreesOfFreedom) > upper) low = middle
    else high = middle
  }
  return (low + high) / 2
}
