/** @file The exact chance of a yes, over all that can happen to a number of cases. */
import { logChoose } from '../../src/stats/log-gamma.ts'

/** The share of outcomes, over all splits of n cases into lost, gained and unchanged, that `counts` says yes to. */
export function exactPower(
  n: number,
  [lostShare, gainedShare]: readonly [number, number],
  yes: (lost: number, gained: number) => boolean,
): number {
  const logs = [lostShare, gainedShare, 1 - lostShare - gainedShare].map(Math.log)
  let total = 0
  for (let lost = 0; lost <= n; lost++) {
    for (let gained = 0; gained <= n - lost; gained++) {
      if ((lost > 0 && lostShare === 0) || (gained > 0 && gainedShare === 0) || !yes(lost, gained)) continue
      const rest = n - lost - gained
      const log = logChoose(n, lost) + logChoose(n - lost, gained)
      total += Math.exp(log + times(lost, logs[0]) + times(gained, logs[1]) + times(rest, logs[2]))
    }
  }
  return total
}

function times(count: number, log: number | undefined): number {
  return count === 0 ? 0 : count * (log as number)
}
