import { expect, test } from 'vitest'
import { twinGap } from '../../src/gate/twin-gap.ts'
import { tangoInterval } from '../../src/stats/tango.ts'

const grades = (prefix: string, passes: readonly (boolean | null)[]) => passes.map((pass, i) => ({ caseId: `${prefix}${i}`, pass }))
const twinOf = new Map(Array.from({ length: 20 }, (_, i) => [`t${i}`, `c${i}`]))

test('twinGap() is the pass share of cases with twins minus that of their twins, with a paired interval', () => {
  const cases = grades('c', [...Array<boolean>(16).fill(true), false, false, false, false, true, true, true])
  const twins = grades('t', [...Array<boolean>(12).fill(true), ...Array<boolean>(7).fill(false), true])
  const gap = twinGap({ cases, twins, twinOf })
  expect(gap).toMatchObject({ pairs: 20, caseShare: 0.8, twinShare: 0.65 })
  expect(gap?.gap).toBeCloseTo(0.15, 12)
  // 4 cases pass without their twins, 1 twin passes without its case.
  expect(gap?.interval).toEqual(tangoInterval({ n: 20, lost: 1, gained: 4 }, 0.025))
})

test('twinGap() leaves out pairs of which one could not be graded, and twins whose case was not asked', () => {
  const gap = twinGap({ cases: grades('c', [true, null, true]), twins: grades('t', [false, true, null, true]), twinOf })
  expect(gap).toMatchObject({ pairs: 1, caseShare: 1, twinShare: 0 })
})

test('twinGap() is null without pairs', () => {
  expect(twinGap({ cases: grades('c', [true]), twins: [], twinOf })).toBeNull()
})

test('twinGap() takes repeats as their mean, and several twins of one case as one cluster', () => {
  const cases = [...grades('c', [true, true]), ...grades('c', [false, true])]
  const both = new Map([...twinOf, ['extra', 'c1']])
  const twins = [...grades('t', [false, true]), { caseId: 'extra', pass: true }]
  const gap = twinGap({ cases, twins, twinOf: both })
  expect(gap).toMatchObject({ pairs: 3, caseShare: 2.5 / 3, twinShare: 2 / 3 })
  // Two clusters: t with one degree of freedom is wide, and the interval stays inside -1 to 1.
  expect(gap?.interval).toEqual([-1, 1])
})
