import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tangoInterval, tangoNonInferiority } from '../../src/stats/tango.ts'
import vectors from './stat-vectors.json' with { type: 'json' }

const counts = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, changedShare, lostShare]) => {
    const changed = Math.floor(n * changedShare)
    const lost = Math.floor(changed * lostShare)
    return { n, lost, gained: changed - lost }
  })

describe('tango', () => {
  test.each(vectors.paired_binary)('tangoInterval() and tangoNonInferiority() agree with the reference for n=$n b=$b c=$c', (row) => {
    const paired = { n: row.n, lost: row.b, gained: row.c }
    const [lower, upper] = tangoInterval(paired, 0.025)
    expect(lower).toBeCloseTo(row.tango95[0] as number, 9)
    expect(upper).toBeCloseTo(row.tango95[1] as number, 9)
    for (const [margin, expected] of Object.entries(row.noninf_tango)) {
      const { z, p } = tangoNonInferiority(paired, Number(margin))
      expect(z).toBeCloseTo(expected.z, 10)
      expect(p / expected.p).toBeCloseTo(1, 9)
    }
  })

  test.each(vectors.gate_example)('tangoInterval() gives the 90 % interval of the worked gate for $name', (row) => {
    const [lower, upper] = tangoInterval({ n: row.n, lost: row.b, gained: row.c }, 0.05)
    expect(lower).toBeCloseTo(row.tango90[0] as number, 9)
    expect(upper).toBeCloseTo(row.tango90[1] as number, 9)
  })

  test('tangoInterval() turns its sign when lost and gained are swapped', () => {
    fc.assert(
      fc.property(counts, ({ n, lost, gained }) => {
        const [lower, upper] = tangoInterval({ n, lost, gained }, 0.05)
        const [lowerSwapped, upperSwapped] = tangoInterval({ n, lost: gained, gained: lost }, 0.05)
        expect(lower).toBeCloseTo(-upperSwapped, 9)
        expect(upper).toBeCloseTo(-lowerSwapped, 9)
      }),
    )
  })

  test('tangoInterval() lies above minus the margin exactly when tangoNonInferiority() passes', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.005, max: 0.3, noNaN: true }), (paired, margin) => {
        const { p } = tangoNonInferiority(paired, margin)
        fc.pre(Math.abs(p - 0.05) > 1e-6)
        expect(tangoInterval(paired, 0.05)[0] > -margin).toBe(p < 0.05)
      }),
    )
  })

  test('tangoNonInferiority() is harder to pass with every further lost case and easier with a wider margin', () => {
    fc.assert(
      fc.property(counts, ({ n, lost, gained }) => {
        fc.pre(lost + gained < n)
        const p = tangoNonInferiority({ n, lost, gained }, 0.05).p
        expect(tangoNonInferiority({ n, lost: lost + 1, gained }, 0.05).p).toBeGreaterThanOrEqual(p)
        expect(tangoNonInferiority({ n, lost, gained }, 0.06).p).toBeLessThanOrEqual(p)
      }),
    )
  })

  test('tangoNonInferiority() proves nothing without cases', () => {
    expect(tangoNonInferiority({ n: 0, lost: 0, gained: 0 }, 0.05).p).toBe(1)
    expect(tangoInterval({ n: 0, lost: 0, gained: 0 }, 0.05)).toEqual([-1, 1])
  })

  // Where Wald's test is certain at any n, Tango's asks for 52 cases at a margin of 5 points.
  test('tangoNonInferiority() needs 52 unchanged cases for a margin of 5 points', () => {
    expect(tangoNonInferiority({ n: 51, lost: 0, gained: 0 }, 0.05).p).toBeGreaterThan(0.05)
    expect(tangoNonInferiority({ n: 52, lost: 0, gained: 0 }, 0.05).p).toBeLessThan(0.05)
  })
})
