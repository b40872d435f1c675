/**
 * @file Why a file of another tool cannot be imported at all. What can be imported only in part is listed, not thrown.
 */
import { defineError } from '../../base/errors.ts'

/** A file that cannot be read, or is not what the import takes. */
export class ImportFileError extends defineError('IMPORT_FILE_UNUSABLE', ({ where, problem }: { where: string; problem: string }) => ({
  summary: `The file cannot be imported: ${problem}`,
  where,
  fix: 'name a promptfoo configuration (YAML or JSON), an Inspect data set (JSONL, CSV) or log, or a JSONL log of production',
})) {}

/** An Inspect log in the archive format in a form that cannot be unpacked here. */
export class InspectArchiveError extends defineError(
  'IMPORT_INSPECT_ARCHIVE',
  ({ where, problem }: { where: string; problem: string }) => ({
    summary: `The Inspect log cannot be unpacked: ${problem}`,
    where,
    fix: 'write it as JSON first: inspect log dump LOG.eval > log.json, then import log.json',
  }),
) {}

/** A file of another tool that no case could be made of. */
export class ImportEmptyError extends defineError('IMPORT_EMPTY', ({ where, reasons }: { where: string; reasons: readonly string[] }) => ({
  summary: `No case could be made of the file${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}; nothing was written`,
  where,
  fix: 'check that the file is of the kind that was named: promptfoo, inspect or log',
})) {}
