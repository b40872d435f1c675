/**
 * @file From a suite file's options to a checked suite: evals loaded, names and arms resolved, a budget applied, every default filled in.
 * Everything that can be wrong with a suite is found here, before a model is opened.
 */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keysAt } from '../base/schema-keys.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Eval, EvalDefinition } from '../eval/eval.ts'
import { casesWithRole } from '../eval/cases/case-list.ts'
import { loadEval } from '../eval/load-eval.ts'
import { sharedBetween } from '../eval/leakage/shared-cases.ts'
import { gatePolicySchema, type GatePolicy, type GatePolicyInput } from '../gate/policy.ts'
import { demonstrationOf, stagesOf } from '../method/method-spec.ts'
import { driverOf, type TrainerOptions } from '../trainer/drivers.ts'
import type { LoraSpec } from '../trainer/training-spec.ts'
import { checkArms } from './check-arms.ts'
import type { CheckedArm, Suite, SuiteEval } from './checked-suite.ts'
import { limitCases } from './limit-cases.ts'
import { isGuarded, refuseUnguarded } from './refuse-unguarded.ts'
import { SuiteCasesSharedError, SuiteInvalidError, SuiteNameUnknownError } from './errors.ts'
import { pickTrainer, runsByDefault, type TrainerOverrides } from './pick-trainer.ts'
import { problemLines } from './setting-problem.ts'
import { parseSuiteOptions } from './suite-schema.ts'
import { refuseUntrainable } from './training-needs.ts'
import type { ArmOptions, SuiteBudget, SuiteDefinition, SuiteEvalOptions, SuiteOptions } from './suite.ts'

/** What a caller may change of a suite without editing it. */
export interface SuiteOverrides extends TrainerOverrides {
  readonly base?: string | undefined
  readonly arms?: readonly string[] | undefined
  readonly seed?: number | undefined
  readonly budget?: string | undefined
  /** Whether the arms will train, default true: only then must the cases have what each arm learns from. */
  readonly trains?: boolean | undefined
}

const DEFAULT_LORA: LoraSpec = {
  rank: 16,
  alpha: 32,
  targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
}

/** Loads and checks a suite. @throws SuiteInvalidError, SuiteNameUnknownError, SuiteCasesSharedError, TrainerFlagError, and what loading evals throws */
export async function checkSuite(definition: SuiteDefinition, file: string, overrides: SuiteOverrides = {}): Promise<Suite> {
  const options = parseSuiteOptions(definition.options, file)
  const budget = pickBudget(options, file, overrides.budget)
  const features = options.features.slice(0, budget?.features ?? options.features.length)
  const policy = checkGate({ plannedRounds: features.length, ...options.gate, seed: overrides.seed ?? options.seed ?? 0 }, file)
  const thinking = options.thinking === undefined ? {} : { thinking: options.thinking }
  const context = { file, gate: policy, budget, thinking }
  const checkedFeatures = await loadSuiteEvals(features, 'feature', context)
  const retention = await loadSuiteEvals(options.retention, 'retention', context)
  refuseRepeatedNames([...checkedFeatures, ...retention], file)
  refuseSharedCases(checkedFeatures, [...checkedFeatures, ...retention], file)
  refuseUnknownLevels([...checkedFeatures, ...retention], policy, file)
  const trainer = pickTrainer(options.trainer, overrides, file)
  const checkedArms = checkArms(options, overrides.budget, file)
  const arms = pickArms(options, { file, names: overrides.arms ?? budget?.arms, trainer }).flatMap(
    ({ name }) => checkedArms.find((arm) => arm.name === name) ?? [],
  )
  refuseUnknownDemonstrations(arms, checkedFeatures, file)
  refuseUnknownMethods(arms, trainer, file)
  if (overrides.trains ?? true) refuseUntrainable(arms, { features: checkedFeatures, retention }, file)
  if (options.hacking !== 'unguarded') refuseUnguarded(arms, checkedFeatures, file)
  return {
    name: options.name,
    description: options.description ?? '',
    file,
    base: resolveBase(overrides.base ?? options.base, file, overrides.base !== undefined),
    budget: overrides.budget ?? null,
    features: checkedFeatures,
    retention,
    arms,
    lora: (options.lora as LoraSpec | undefined) ?? DEFAULT_LORA,
    trainer,
    hacking: options.hacking ?? { limit: 0.1 },
    thinking: options.thinking ?? null,
    gate: policy,
    seed: overrides.seed ?? options.seed ?? 0,
    checkpoints: options.checkpoints ?? 4,
    devCases: budget?.devCases ?? options.devCases ?? 100,
  }
}

function checkGate(options: GatePolicyInput, file: string): GatePolicy {
  const policy = gatePolicySchema.safeParse(options, { reportInput: true })
  if (policy.success) return policy.data
  const problems = policy.error.issues.map((issue) => ({
    path: ['gate', ...issue.path],
    issue,
    known: keysAt(gatePolicySchema, issue.path),
  }))
  throw new SuiteInvalidError({ file, problems: problemLines(problems, { gate: options }) })
}

interface LoadContext {
  readonly file: string
  readonly gate: GatePolicy
  readonly budget: SuiteBudget | null
  readonly thinking: Pick<Eval, 'thinking'>
}

async function loadSuiteEvals(
  entries: readonly (EvalDefinition | SuiteEvalOptions)[],
  kind: SuiteEval['kind'],
  context: LoadContext,
): Promise<SuiteEval[]> {
  const loaded: SuiteEval[] = []
  for (const entry of entries.map(toSuiteEval)) {
    const full = await loadEval(entry.eval, { origin: context.file })
    loaded.push({
      eval: { ...(context.budget === null ? full : limitCases(full, context.budget)), ...context.thinking },
      kind,
      margin: entry.margin ?? context.gate.margin,
      minEffect: entry.minEffect ?? context.gate.minEffect,
      blocking: entry.blocking ?? true,
      guarded: isGuarded(full),
    })
  }
  return loaded
}

function toSuiteEval(entry: EvalDefinition | SuiteEvalOptions): SuiteEvalOptions {
  return 'eval' in entry ? entry : { eval: entry }
}

/** A relative margin is a share of a dev score: an eval without dev cases would go without the guard that the suite declares. */
function refuseUnknownLevels(evals: readonly SuiteEval[], { relativeMargin }: GatePolicy, file: string): void {
  if (relativeMargin === null) return
  const without = evals.filter(({ eval: one, blocking }) => blocking && casesWithRole(one.cases, 'dev').length === 0)
  const problems = without.map(({ eval: { name } }) => `gate.relativeMargin: eval "${name}" has no dev cases, which it is fixed by`)
  if (problems.length > 0) throw new SuiteInvalidError({ file, problems })
}

function refuseRepeatedNames(evals: readonly SuiteEval[], file: string): void {
  const names = evals.map((entry) => entry.eval.name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  if (repeated.length > 0) throw new SuiteInvalidError({ file, problems: repeated.map((name) => `eval "${name}" is there twice`) })
}

/** What one feature is trained on must not be what another eval is judged by. */
function refuseSharedCases(trained: readonly SuiteEval[], judged: readonly SuiteEval[], file: string): void {
  const pairs = trained.flatMap((one) => judged.filter((other) => other !== one).flatMap((other) => sharedBetween(one.eval, other.eval)))
  if (pairs.length > 0) throw new SuiteCasesSharedError({ file, pairs })
}

function refuseUnknownDemonstrations(arms: readonly CheckedArm[], features: readonly SuiteEval[], file: string): void {
  const problems = arms.flatMap((arm) => features.flatMap(({ eval: feature }) => demonstrationProblem(arm, feature)))
  if (problems.length > 0) throw new SuiteInvalidError({ file, problems })
}

function demonstrationProblem({ name, methods }: CheckedArm, feature: Eval): string[] {
  const method = methods[feature.name]
  const styles = method === undefined ? [] : stagesOf(method).flatMap((stage) => demonstrationOf(stage) ?? [])
  const missing = styles.find((name) => !Object.hasOwn(feature.demonstrations, name))
  if (missing === undefined) return []
  const known = Object.keys(feature.demonstrations).map((style) => quoteUntrusted(style))
  const style = quoteUntrusted(missing)
  return [`arm "${name}": eval "${feature.name}" has no demonstrations in the style ${style}, only ${known.join(', ')}`]
}

function pickBudget(options: SuiteOptions, file: string, name: string | undefined): SuiteBudget | null {
  if (name === undefined) return null
  const budget = options.budgets?.[name]
  if (budget === undefined) throw new SuiteNameUnknownError({ file, kind: 'budget', name, known: Object.keys(options.budgets ?? {}) })
  return budget
}

/** What the chosen trainer cannot do is told before anything runs. */
function refuseUnknownMethods(arms: readonly CheckedArm[], trainer: TrainerOptions, file: string): void {
  const driver = driverOf(trainer)
  const problems = arms.flatMap(({ name, methods }) => {
    const reasons = new Set(Object.values(methods).flatMap((method) => driver.refuse(method) ?? []))
    return [...reasons].map((reason) => `arm "${name}": ${reason}`)
  })
  if (problems.length > 0) throw new SuiteInvalidError({ file, problems })
}

/** Arms by name, or those that run by themselves. */
function pickArms(
  options: SuiteOptions,
  { file, names, trainer }: { file: string; names: readonly string[] | undefined; trainer: TrainerOptions },
): ArmOptions[] {
  if (names === undefined) return options.arms.filter((arm) => runsByDefault(arm, trainer))
  return names.map((name) => {
    const arm = options.arms.find((candidate) => candidate.name === name)
    if (arm === undefined) throw new SuiteNameUnknownError({ file, kind: 'arm', name, known: options.arms.map((known) => known.name) })
    return arm
  })
}

/** A path is meant from the suite's project (the nearest folder above with a package.json), or from where the command runs when it was given there. */
function resolveBase(base: string | URL, file: string, fromCommandLine: boolean): string {
  if (base instanceof URL) return fileURLToPath(base)
  const path = fromCommandLine ? resolve(base) : resolve(projectRoot(dirname(resolve(file))), base)
  return existsSync(path) ? path : base
}

function projectRoot(directory: string): string {
  for (let current = directory; ; current = dirname(current)) {
    if (existsSync(join(current, 'package.json'))) return current
    if (dirname(current) === current) return directory
  }
}
