import { expect, test } from 'vitest'
import { linesOf } from '../../recorded-lines.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('buildDocument() counts pass shares and changes against the model that the round was tuned from', async () => {
  const directory = temporaryRun({ gateCases: 400, arms: ['grpo'] })
  const document = await documentOf(directory)
  expect(document.arms[0]?.accepted).toEqual(['01-refill', '02-appointment', '03-contact'])
  const share = (path: string): number => linesOf(directory, path).filter((grade) => grade.pass === true).length / 400
  const [first, second] = ['01-refill', '02-appointment'].map((round) => share(`rounds/${round}/grpo/grades/gate.refill.jsonl`))
  const row = document.matrices[0]?.rows.find((each) => each.round === '02-appointment')
  expect(row?.cells.map((cell) => cell.place)).toEqual(['past', 'diagonal', 'future', 'retention', 'retention'])
  expect(row?.cells[0]).toEqual({ eval: 'refill', passShare: second, change: (second ?? 0) - (first ?? 0), n: 400, place: 'past' })
  expect(document.rounds.map((round) => round.parentRound)).toEqual([null, '01-refill', '02-appointment'])
  const matrix = ['01-refill', '02-appointment', '03-contact'].map((round) => share(`rounds/${round}/grpo/grades/gate.refill.jsonl`))
  const appointment = ['02-appointment', '03-contact'].map((round) => share(`rounds/${round}/grpo/grades/gate.appointment.jsonl`))
  const backward = ((matrix[2] ?? 0) - (matrix[0] ?? 0) + (appointment[1] ?? 0) - (appointment[0] ?? 0)) / 2
  expect(document.forgetting[0]?.metrics.find((metric) => metric.name === 'bwt.gem')?.value).toBeCloseTo(backward, 12)
})
