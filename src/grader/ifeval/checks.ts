/**
 * @file All 25 instructions of IFEval by their ids. Source: Zhou et al., "Instruction-Following Evaluation for Large Language Models" (2023), arXiv:2311.07911.
 */
import { format } from './format.ts'
import type { Instruction } from './instruction.ts'
import { keywords } from './keywords.ts'
import { length } from './length.ts'
import { wording } from './wording.ts'

/** Instructions by id. */
export const CHECKS: ReadonlyMap<string, Instruction> = new Map(Object.entries({ ...keywords, ...length, ...format, ...wording }))
