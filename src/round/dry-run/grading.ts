/**
 * @file How many answers a run grades, and how long they are: the same choice of cases as src/round/grade-model.ts and choose-checkpoint.ts make, counted
 * instead of asked.
 */
import type { Case } from '../../eval/case.ts'
import { casesWithRole } from '../../eval/cases/case-list.ts'
import type { Eval } from '../../eval/eval.ts'
import { casesOf } from '../../eval/load-eval.ts'
import type { Suite, SuiteEval } from '../../suite/checked-suite.ts'
import { pickCases } from '../../suite/limit-cases.ts'
import type { TokenCounter } from '../../estimate/estimate-base.ts'
import { measureAnswers, measurePrompts } from '../../estimate/text-lengths.ts'
import { addWork, answerWork, EXPECTED_SHARE, NO_WORK, type Range, type Work } from '../../estimate/work.ts'
import { devTask, twinTasks, type GradingTask } from '../grade-model.ts'
import { allEvals } from '../run-context.ts'

/** The base on all gate, twin and dev cases, before the first round. */
export function baseGrading(suite: Suite, counter: TokenCounter): Work {
  const evals = allEvals(suite)
  const dev = evals.map((entry) => devTask(entry, suite.devCases))
  return tasksWork([...gateTasksOf(suite), ...twinTasks(suite.features), ...dev], counter)
}

/** A checkpoint on dev cases: the feature's, and as many of everything that must be retained. */
export function checkpointGrading(
  suite: Suite,
  { feature, earlier }: { readonly feature: SuiteEval; readonly earlier: readonly SuiteEval[] },
  counter: TokenCounter,
): Work {
  const old = [...earlier, ...suite.retention]
  return tasksWork(
    [feature, ...old].map((entry) => devTask(entry, suite.devCases)),
    counter,
  )
}

/** A candidate on all gate cases and on its feature's twins. */
export function gateGrading(suite: Suite, feature: SuiteEval, counter: TokenCounter): Work {
  return tasksWork([...gateTasksOf(suite), ...twinTasks([feature])], counter)
}

/** One look at the cases that guard against reward hacking: twins of dev cases, and dev cases where there are audit graders. */
export function watchedAnswers(suite: Suite, feature: SuiteEval, counter: TokenCounter): Work {
  if (suite.hacking === 'unguarded') return NO_WORK
  const definition = feature.eval
  const dev = casesOf(definition, 'dev')
  const ids = new Set(dev.map((row) => row.id))
  const twins = casesWithRole(definition.cases, 'twin').filter((row) => ids.has(row.twinOf ?? ''))
  const audited = definition.auditGraders.length === 0 ? [] : pickCases(dev, suite.devCases)
  return casesWork(definition, [...audited, ...pickCases(twins, suite.devCases)], counter)
}

/** Tokens of an answer: as long as the written ones, at most the limit. Thoughts are in no written answer. */
export function newTokensOf(definition: Eval, counter: TokenCounter): Range {
  const most = definition.sampling.maxNewTokens
  const demonstrate = definition.demonstrations['in-format']
  if (demonstrate === undefined || definition.thinking === 'on') return { expected: EXPECTED_SHARE * most, most }
  const written = pickCases(definition.cases, MEASURED_ANSWERS).map((row) => demonstrate(row))
  const { count, mean } = measureAnswers(written, counter)
  return { expected: count === 0 ? EXPECTED_SHARE * most : Math.min(mean, most), most }
}

const MEASURED_ANSWERS = 200

function gateTasksOf(suite: Suite): GradingTask[] {
  return allEvals(suite).map((entry) => ({ entry, purpose: 'gate', cases: casesOf(entry.eval, 'gate') }))
}

function tasksWork(tasks: readonly GradingTask[], counter: TokenCounter): Work {
  return addWork(
    tasks.flatMap(({ entry, cases }) => Array.from({ length: entry.eval.repeats }, () => casesWork(entry.eval, cases, counter))),
  )
}

function casesWork(definition: Eval, cases: readonly Case[], counter: TokenCounter): Work {
  const prompts = cases.map((row) => definition.messages.get(row.id) ?? [])
  return answerWork(cases.length, { promptTokens: measurePrompts(prompts, counter).mean, newTokens: newTokensOf(definition, counter) })
}
