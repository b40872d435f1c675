import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { compareGrades } from '../../src/gate/compare-grades.ts'
import { judgeRound } from '../../src/gate/judge-round.ts'
import type { EvalUnderGate, PairedGrade } from '../../src/gate/verdict.ts'
import { comparison, evalOf, policyOf } from './make-eval.ts'

const settings = { policy: policyOf(), smallestAlpha: 0.01 }
const RANK = { HELD: 0, INCONCLUSIVE: 1, REGRESSED: 2, IMPROVED: -1 }

const pairList = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 30 })), { minLength: 2, maxLength: 300 })
  .chain((rows) => fc.boolean().map((clustered) => rows.map((row, i) => pairFrom(row, i, clustered))))

function pairFrom([passBefore, luck, cluster]: readonly [boolean, number, number], i: number, clustered: boolean): PairedGrade {
  const passAfter = luck === 0 ? !passBefore : passBefore
  return {
    caseId: `k${i}`,
    repeat: 0,
    cluster: clustered ? `c${cluster}` : null,
    before: Number(passBefore),
    after: Number(passAfter),
    passBefore,
    passAfter,
  }
}

function withPairs(list: readonly PairedGrade[], changes: Partial<EvalUnderGate> = {}): EvalUnderGate {
  return evalOf('e', { n: 1, lost: 0, gained: 0 }, { comparisons: { parent: comparison('e', 'parent', list) }, ...changes })
}

const numbersOf = (list: readonly PairedGrade[]) => compareGrades(withPairs(list), comparison('e', 'parent', list), settings)
const judge = (evals: readonly EvalUnderGate[], policy = policyOf()) => judgeRound({ round: 'r', arm: 'a', policy, evals })

describe('judgeRound() in general', () => {
  test('compareGrades() mirrors itself when before and after are swapped', () => {
    fc.assert(
      fc.property(pairList, (list) => {
        const swapped = list.map((pair) => ({
          ...pair,
          before: pair.after,
          after: pair.before,
          passBefore: pair.passAfter,
          passAfter: pair.passBefore,
        }))
        const [there, back] = [numbersOf(list), numbersOf(swapped)]
        expect(there.pLoss).toBeCloseTo(back.pGain, 10)
        expect(there.difference).toBeCloseTo(-back.difference, 12)
        expect(there.interval[0]).toBeCloseTo(-back.interval[1], 9)
        expect([there.lost, there.gained]).toEqual([back.gained, back.lost])
      }),
    )
  })

  test('judgeRound() never judges better for one more lost case', () => {
    const oneByOne = pairList.map((list) => list.map((pair) => ({ ...pair, cluster: null })))
    fc.assert(
      fc.property(oneByOne, fc.nat(299), fc.constantFrom(1, 3), (list, at, plannedRounds) => {
        const kept = list[at]
        fc.pre(kept?.passBefore === true && kept.passAfter === true)
        const worse = list.map((pair, i) => (i === at ? { ...pair, passAfter: false, after: 0 } : pair))
        const rank = (pairsOf: readonly PairedGrade[]): number =>
          RANK[judge([withPairs(pairsOf)], policyOf({ plannedRounds })).evals[0]?.verdict ?? 'IMPROVED']
        expect(rank(worse)).toBeGreaterThanOrEqual(rank(list))
      }),
    )
  })

  test('judgeRound() does not care in which order pairs and evals come', () => {
    fc.assert(
      fc.property(pairList, pairList, fc.nat(), (one, other, seed) => {
        const { shuffle } = seededRandom(seed)
        const evals = [withPairs(one, { name: 'one' }), withPairs(other, { name: 'other' })]
        const shuffled = [withPairs(shuffle(other), { name: 'other' }), withPairs(shuffle(one), { name: 'one' })]
        const [there, back] = [judge(evals), judge(shuffled)]
        expect(back.verdict).toBe(there.verdict)
        expect(back.evals.toReversed().map(({ verdict }) => verdict)).toEqual(there.evals.map(({ verdict }) => verdict))
      }),
      { numRuns: 40 },
    )
  })

  test('judgeRound() is never ACCEPTED with a blocking old eval that is not HELD', () => {
    fc.assert(
      fc.property(fc.array(pairList, { minLength: 1, maxLength: 4 }), (lists) => {
        const round = judge(lists.map((list, i) => withPairs(list, { name: `e${i}` })))
        if (round.verdict === 'ACCEPTED') expect(round.evals.every(({ verdict }) => verdict === 'HELD')).toBe(true)
        if (round.evals.some(({ verdict }) => verdict === 'REGRESSED')) expect(round.verdict).toBe('BLOCKED')
        expect(round.reasons.length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })
})
