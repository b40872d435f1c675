import { expect, test } from 'vitest'
import { twinGap } from '../../src/gate/twin-gap.ts'
import type { TwinShare } from '../../src/gate/twin-gap.ts'
import { clusteredTangoInterval } from '../../src/stats/clustered-tango.ts'
import { tangoInterval } from '../../src/stats/tango.ts'

const one = (caseId: string, share: number | null, twinOf: string | null = null, cluster = caseId): TwinShare => ({
  caseId,
  share,
  twinOf,
  cluster,
})
const pairsOf = (shares: readonly (readonly [own: number, twin: number])[], cluster?: (i: number) => string): TwinShare[] =>
  shares.flatMap(([own, twin], i) => [one(`c${i}`, own, null, cluster?.(i)), one(`t${i}`, twin, `c${i}`)])

const repeat = (count: number, pair: readonly [number, number]): (readonly [number, number])[] => Array.from({ length: count }, () => pair)
const TWENTY = [...repeat(12, [1, 1]), ...repeat(4, [1, 0]), ...repeat(1, [0, 1]), ...repeat(3, [0, 0])]

test('twinGap() is the pass share of cases with twins minus that of their twins, with a paired interval', () => {
  const gap = twinGap([...pairsOf(TWENTY), one('without twin', 1)])
  expect(gap).toMatchObject({ pairs: 20, caseShare: 0.8, twinShare: 0.65 })
  expect(gap?.gap).toBeCloseTo(0.15, 12)
  expect(gap?.interval).toEqual(tangoInterval({ n: 20, lost: 1, gained: 4 }, 0.025))
})

test('twinGap() counts cases of one cluster together', () => {
  const gap = twinGap(pairsOf(TWENTY, (i) => (i < 16 ? 'template' : `c${i}`)))
  const single = { size: 1, lost: 0, gained: 0 }
  const clusters = [{ size: 16, lost: 0, gained: 4 }, { ...single, lost: 1 }, single, single, single]
  expect(gap?.interval).toEqual(clusteredTangoInterval(clusters, 0.025))
})

test('twinGap() leaves out pairs of which one could not be graded, and twins whose case was not asked', () => {
  const gap = twinGap([
    one('a', 1),
    one('a2', 0, 'a'),
    one('b', null),
    one('b2', 1, 'b'),
    one('c', 1),
    one('c2', null, 'c'),
    one('x2', 1, 'x'),
  ])
  expect(gap).toMatchObject({ pairs: 1, caseShare: 1, twinShare: 0 })
})

test('twinGap() is null without pairs', () => {
  expect(twinGap([one('a', 1)])).toBeNull()
})

test('twinGap() takes several twins of one case as their mean, and stays inside -1 to 1', () => {
  const gap = twinGap([one('a', 1), one('a2', 1, 'a'), one('a3', 0, 'a'), one('b', 0.5), one('b2', 1, 'b')])
  expect(gap).toMatchObject({ pairs: 2, caseShare: 0.75, twinShare: 0.75, gap: 0, interval: [-1, 1] })
})
