/**
 * @file From a definition to a checked eval: options, cases, prompts, leakage. Loading the user's TypeScript file is not its business.
 */
import type { Case, Role } from './case.ts'
import { casesWithRole, listCases } from './cases/case-list.ts'
import { ExpectedCheck } from './check-expected.ts'
import { completeCases } from './cases/complete-cases.ts'
import { inFormatDemonstration } from './demonstration.ts'
import { CasesSharedError, EvalInvalidError, RoleEmptyError } from './errors.ts'
import { checkEvalOptions, DEFAULT_SAMPLING } from './eval-options.ts'
import type { Eval, EvalDefinition, EvalOptions } from './eval.ts'
import { reducerProblem } from './reducer-problem.ts'
import { renderPrompts } from './prompt/rendered-prompts.ts'
import { SharedCases, sharedExamples } from './leakage/shared-cases.ts'
import { readSource } from './source/read-source.ts'
import { hasUserCode } from './user-code.ts'

/**
 * Reads and checks everything of an eval. `origin` is the path of its file, for messages.
 * @throws the errors of src/eval/errors.ts, and of src/base/download-hub-files.ts for cases on the hub
 */
export async function loadEval(definition: EvalDefinition, { origin }: { readonly origin: string }): Promise<Eval> {
  const options = checkEvalOptions(definition, origin)
  const { name, fields, encoding, columns, roles: shares, onDuplicate, onBadRow } = options
  const problem = reducerProblem(options.reducer ?? 'mean', options.repeats ?? 1)
  if (problem !== null) throw new EvalInvalidError({ origin, problems: [problem] })
  const rows = readSource(options.cases, { evalName: name, origin, fields, encoding, columns })
  const check = await ExpectedCheck.of(options)
  const rules = { evalName: name, origin, fields, shares, onDuplicate, onBadRow, check }
  const { table, intake } = await completeCases(rows, rules)
  const cases = listCases(table)
  check.settle(cases, origin)
  const found = new SharedCases(table)
  const prompts = await renderPrompts({ table, options, origin }, (index, asked, askedAt) => found.visit(index, asked, askedAt))
  const messages: Eval['messages'] = { get: prompts.get, asked: prompts.asked }
  const shared = [...found.pairs(), ...sharedExamples({ name, cases, messages }, prompts.examples)]
  if (shared.length > 0) throw new CasesSharedError({ evalName: name, origin, pairs: shared })
  const full = withDefaults(options)
  const code = hasUserCode(full) ? await codeOf(definition.file ?? origin) : null
  return { ...full, code, origin, cases, intake, messages }
}

/**
 * The cases of one role, in their order.
 * @throws RoleEmptyError when there are none
 */
export function casesOf(definition: Eval, role: Role): readonly Case[] {
  const cases = casesWithRole(definition.cases, role)
  if (cases.length === 0) throw new RoleEmptyError({ evalName: definition.name, role, origin: definition.origin })
  return cases
}

/** What reads users' code is loaded where there is such code. */
async function codeOf(file: string): Promise<string | null> {
  const { identifyUserCode } = await import('../identity/identify-user-code.ts')
  return identifyUserCode(file)
}

function withDefaults(options: EvalOptions): Omit<Eval, 'origin' | 'cases' | 'intake' | 'messages' | 'code'> {
  return {
    kind: 'holdfast.eval',
    name: options.name,
    description: options.description ?? '',
    prompt: options.prompt ?? null,
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
