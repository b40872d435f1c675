/**
 * @file Why a file of another tool cannot be imported at all. What can be imported only in part is listed, not thrown.
 */
import { HoldfastError } from '../../base/errors.ts'

/** A file that cannot be read, or is not what the import takes. */
export class ImportFileError extends HoldfastError {
  constructor(where: string, problem: string, cause?: unknown) {
    super({
      code: 'IMPORT_FILE_UNUSABLE',
      summary: `The file cannot be imported: ${problem}`,
      where,
      fix: 'name a promptfoo configuration (YAML or JSON), an Inspect data set (JSONL, CSV) or log, or a JSONL log of production',
      cause,
    })
  }
}

/** An Inspect log in the archive format in a form that cannot be unpacked here. */
export class InspectArchiveError extends HoldfastError {
  constructor(where: string, problem: string) {
    super({
      code: 'IMPORT_INSPECT_ARCHIVE',
      summary: `The Inspect log cannot be unpacked: ${problem}`,
      where,
      fix: 'write it as JSON first: inspect log dump LOG.eval > log.json, then import log.json',
    })
  }
}

/** A file of another tool that no case could be made of. */
export class ImportEmptyError extends HoldfastError {
  constructor(where: string, reasons: readonly string[]) {
    super({
      code: 'IMPORT_EMPTY',
      summary: `No case could be made of the file${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}; nothing was written`,
      where,
      fix: 'check that the file is of the kind that was named: promptfoo, inspect or log',
    })
  }
}
