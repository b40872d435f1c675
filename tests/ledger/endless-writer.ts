/**
 * @file Appends batches of ten records to the log named on the command line until it is killed.
 */
import { openRecordLog } from '../../src/ledger/record-log.ts'

const log = await openRecordLog(process.argv[2] as string)
process.stdout.write('started\n')
for (;;) log.append(Array.from({ length: 10 }, (_, index) => ({ n: log.recordCount + index, text: 'x'.repeat(3000) })))
