/**
 * @file Holm's step-down correction: whatever is true, the chance of even one false rejection in the family stays at alpha.
 */

/**
 * Adjusted p-values in the order given; reject those at most alpha.
 * Source: Holm 1979 (Scandinavian Journal of Statistics 6:65-70).
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).toSorted((i, j) => (pValues[i] as number) - (pValues[j] as number))
  const adjusted: number[] = Array.from({ length: pValues.length }, () => 1)
  let running = 0
  for (const [rank, index] of order.entries()) {
    running = Math.max(running, Math.min(1, (pValues.length - rank) * (pValues[index] as number)))
    adjusted[index] = running
  }
  return adjusted
}
