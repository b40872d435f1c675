import { describe, expect, test } from 'vitest'
import { pairGrades } from '../../src/gate/pair-grades.ts'
import type { GradeToPair, PairingHashes } from '../../src/gate/pair-grades.ts'

const hashes: PairingHashes = { messages: 'm', gold: 'g', grader: 'r', sampling: 's', rendered: 't', decoding: 'd' }

function grade(caseId: string, changes: Partial<GradeToPair> = {}): GradeToPair {
  return { caseId, repeat: 0, cluster: null, reward: 1, pass: true, hashes, ...changes }
}

const inRun = { evalName: 'refill', mode: 'run' } as const
const foreign = { evalName: 'refill', mode: 'foreign' } as const

describe('pairGrades()', () => {
  test('pairGrades() pairs by case and repeat, in whatever order grades come', () => {
    const before = [grade('a'), grade('b', { repeat: 1, reward: 0.25, pass: false, cluster: 'x' }), grade('b')]
    const after = [
      grade('b', { reward: 0, pass: false }),
      grade('b', { repeat: 1, cluster: 'x' }),
      grade('a', { reward: null, pass: null }),
    ]
    expect(pairGrades(before, after, inRun)).toEqual({
      pairs: [
        { caseId: 'a', repeat: 0, cluster: null, before: 1, after: null, passBefore: true, passAfter: null },
        { caseId: 'b', repeat: 1, cluster: 'x', before: 0.25, after: 1, passBefore: false, passAfter: true },
        { caseId: 'b', repeat: 0, cluster: null, before: 1, after: 0, passBefore: true, passAfter: false },
      ],
      differences: [],
    })
  })

  test('pairGrades() counts a case that one side lacks as ungraded there', () => {
    const { pairs } = pairGrades([grade('a'), grade('b')], [grade('b'), grade('c')], inRun)
    expect(pairs.map(({ caseId, passBefore, passAfter }) => [caseId, passBefore, passAfter])).toEqual([
      ['a', true, null],
      ['b', true, true],
      ['c', null, true],
    ])
  })

  test.each(['messages', 'gold', 'grader', 'sampling'] as const)('pairGrades() refuses pairs whose %s differ in any mode', (name) => {
    const after = [grade('a', { hashes: { ...hashes, [name]: 'other' } }), grade('b')]
    for (const mode of [inRun, foreign]) {
      expect(() => pairGrades([grade('a'), grade('b')], after, mode)).toThrow(expect.objectContaining({ code: 'GRADES_NOT_COMPARABLE' }))
    }
  })

  test.each(['rendered', 'decoding'] as const)(
    'pairGrades() refuses a different %s inside a run and reports it between foreign models',
    (name) => {
      const after = [grade('a', { hashes: { ...hashes, [name]: 'other' } }), grade('b')]
      expect(() => pairGrades([grade('a'), grade('b')], after, inRun)).toThrow(expect.objectContaining({ code: 'GRADES_NOT_COMPARABLE' }))
      const pairing = pairGrades([grade('a'), grade('b')], after, foreign)
      expect(pairing.pairs).toHaveLength(2)
      expect(pairing.differences).toEqual([{ hash: name, pairs: 1, caseIds: ['a'] }])
    },
  )

  test('pairGrades() says which hashes differ, in how many pairs and where', () => {
    const other = { ...hashes, grader: 'new', decoding: 'batch 8' }
    const after = [grade('a', { hashes: other }), grade('b', { hashes: { ...hashes, grader: 'new' } })]
    expect(() => pairGrades([grade('a'), grade('b')], after, inRun)).toThrowErrorMatchingInlineSnapshot(`
      [GradesNotComparableError: GRADES_NOT_COMPARABLE  Grades of eval "refill" cannot be paired: grader (2 pairs), decoding (1 pair) differ between the two models
        where  cases, one for each hash: "a", "a"
        fix    grade both models again with the same eval file, graders and sampling, in one run]
    `)
    expect(() => pairGrades([grade('a')], [grade('a', { hashes: { ...hashes, gold: 'x' } })], foreign)).toThrowErrorMatchingInlineSnapshot(`
      [GradesNotComparableError: GRADES_NOT_COMPARABLE  Grades of eval "refill" cannot be paired: gold (1 pair) differs between the two models
        where  case "a"
        fix    grade both models again with the same eval file, graders and sampling, in one run]
    `)
  })

  test('pairGrades() refuses two grades of one case and repeat', () => {
    expect(() => pairGrades([grade('a'), grade('a')], [], inRun)).toThrowErrorMatchingInlineSnapshot(`
      [GradeDuplicatedError: GRADE_DUPLICATED  Eval "refill" has two grades of one case and repeat on the side "before"
        where  case "a", repeat 0
        fix    give each case an id of its own, and each side the grades of one model only]
    `)
  })
})
