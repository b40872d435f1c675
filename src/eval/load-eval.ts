/**
 * @file From a definition to a checked eval: options, cases, prompts, leakage. Loading the user's TypeScript file is not its business.
 */
import type { Case, Role } from './case.ts'
import type { Message } from './completion.ts'
import { completeCases } from './complete-cases.ts'
import { inFormatDemonstration } from './demonstration.ts'
import { CasesSharedError, RoleEmptyError } from './errors.ts'
import { checkEvalOptions, DEFAULT_SAMPLING } from './eval-options.ts'
import type { Eval, EvalDefinition, EvalOptions } from './eval.ts'
import { loadCases } from './load-cases.ts'
import { renderPrompt } from './render-prompt.ts'
import { sharedCases } from './shared-cases.ts'

/**
 * Reads and checks everything of an eval. `origin` is the path of its file, for messages.
 * @throws the errors of src/eval/errors.ts, and of src/base/download-hub-files.ts for cases on the hub
 */
export async function loadEval(definition: EvalDefinition, place: { readonly origin: string }): Promise<Eval> {
  const options = checkEvalOptions(definition, place.origin)
  const rows = await loadCases(options.cases, options.name, place.origin)
  const cases = completeCases(rows, options.name, place.origin)
  const messages = new Map<string, readonly Message[]>()
  for (const row of cases) messages.set(row.id, await renderPrompt(options.prompt, row, place.origin))
  const shared = sharedCases(cases, messages)
  if (shared.length > 0) throw new CasesSharedError(options.name, place.origin, shared)
  return { ...withDefaults(options), origin: place.origin, cases, messages }
}

/**
 * The cases of one role, in their order.
 * @throws RoleEmptyError when there are none
 */
export function casesOf(definition: Eval, role: Role): readonly Case[] {
  const cases = definition.cases.filter((row) => row.role === role)
  if (cases.length === 0) throw new RoleEmptyError(definition.name, role, definition.origin)
  return cases
}

function withDefaults(options: EvalOptions): Omit<Eval, 'origin' | 'cases' | 'messages'> {
  return {
    kind: 'holdfast.eval',
    name: options.name,
    description: options.description ?? '',
    prompt: options.prompt,
    tools: options.tools ?? [],
    reducer: options.reducer ?? 'mean',
    minPass: options.minPass ?? null,
    perCase: options.perCase ?? false,
    parse: options.parse ?? null,
    graders: options.graders,
    auditGraders: options.auditGraders ?? [],
    passThreshold: options.passThreshold ?? 1,
    sampling: { ...DEFAULT_SAMPLING, ...options.sampling },
    repeats: options.repeats ?? 1,
    chance: options.chance ?? 0,
    expectedFlips: options.expectedFlips ?? 0.1,
    graded: options.graded ?? false,
    demonstrations: { 'in-format': inFormatDemonstration, ...options.demonstrations },
  }
}
