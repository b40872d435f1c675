import { expect, test } from 'vitest'
import { pageModule } from '../../../page/page-module.ts'
import { payloadOf } from '../case-payload.ts'

const { caseRows } = await pageModule('case-rows')

test('caseRows() lists lost cases of candidate arms before those of controls, and 1→1 last', async () => {
  const rows = caseRows(await payloadOf({ arms: ['sft-hot', 'sft'] }))
  expect([...rows.quadrant].every((quadrant, at, all) => at === 0 || quadrant >= (all[at - 1] ?? 0))).toBe(true)
  const lost = [...rows.quadrant].flatMap((quadrant, at) => (quadrant === 0 ? [rows.payload.models[rows.model[at] ?? 0]?.role] : []))
  expect(lost.indexOf('control')).toBe(lost.lastIndexOf('candidate') + 1)
})
