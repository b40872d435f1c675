import { expect, test } from 'vitest'
import { RecordBatches } from '../../src/grading/record-batches.ts'
import type { RecordLog } from '../../src/ledger/record-log.ts'
import { gradedRecord } from '../round/graded-records.ts'

/** A log in memory, which may be full. */
function memoryLog(): RecordLog & { readonly lines: unknown[]; isFull: boolean } {
  const lines: unknown[] = []
  return {
    lines,
    isFull: false,
    get recordCount() {
      return lines.length
    },
    append(records) {
      if (this.isFull) throw new RangeError('full')
      lines.push(...records)
    },
    close: () => undefined,
  }
}

test('RecordBatches has written all that was added, in order and once, when it was flushed', () => {
  const log = memoryLog()
  const batches = new RecordBatches(log)
  const records = Array.from({ length: 10 }, (_, n) => gradedRecord(`c${n}`))
  for (const record of records) batches.add([record])
  batches.flush()
  batches.flush()
  expect(log.lines).toEqual(records)
})

test('RecordBatches does not write again what could not be written', () => {
  const log = memoryLog()
  const batches = new RecordBatches(log)
  batches.add([gradedRecord('a')])
  log.isFull = true
  expect(() => batches.flush()).toThrow('full')
  log.isFull = false
  batches.add([gradedRecord('b')])
  batches.flush()
  expect(log.lines).toEqual([gradedRecord('b')])
})
