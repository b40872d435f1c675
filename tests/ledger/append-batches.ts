/**
 * @file Appends up to eight batches of 10,000 bytes to the log named on the command line and prints how many there are, and the code of the first failure.
 */
import { openRecordLog } from '../../src/ledger/record-log.ts'

const log = await openRecordLog(process.argv[2] as string)
let failure = ''
try {
  for (let batch = 0; batch < 8; batch++) log.append(Array.from({ length: 10 }, () => ({ text: 'x'.repeat(988) })))
} catch (error) {
  failure = (error as { code: string }).code
}
process.stdout.write(`${log.recordCount / 10}\n${failure}\n`)
