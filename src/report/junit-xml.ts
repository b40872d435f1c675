/**
 * @file The report as JUnit XML: a test suite for each round and arm, a test case for each eval. A regressed blocking eval and a missed
 * target are failures, an inconclusive one and a lost arm are skipped; arms that may not ship never fail. A stopped training is output.
 */
import type { ReportDocument } from './document.ts'
import type { ReportedRound } from './sections/evals/data.ts'
import type { ReportedEval } from './sections/evals/reported-eval.ts'
import { completionLine, stopText } from './sections/evals/stop-text.ts'
import { visibleText } from './visible-text.ts'

/** The XML text; ends with a line feed. */
export function junitXml(document: ReportDocument): string {
  const suites = document.rounds.map(suiteXml)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(document.run)}">\n${suites.join('\n')}\n</testsuites>\n`
}

function suiteXml(round: ReportedRound): string {
  const name = `${round.round} ${round.arm}`
  const control = round.role === 'control'
  const states = round.evals.map((each) => stateOf(each, control))
  const cases = round.evals.map((each, at) => caseXml(each, name, states[at] as State))
  if (round.evals.length === 0)
    cases.push(`    <testcase classname="${attribute(name)}" name="round"><skipped message="${attribute(round.decidingFact)}"/></testcase>`)
  const failures = states.filter((state) => state === 'failure').length
  const skipped = states.filter((state) => state === 'skipped').length + (round.evals.length === 0 ? 1 : 0)
  return `  <testsuite name="${attribute(name)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}">\n${cases.join('\n')}\n${stopXml(round)}  </testsuite>`
}

/** A training stopped as reward hacking is told as output: what the candidate is worth is the gate's to say. */
function stopXml(round: ReportedRound): string {
  const text = stopText(round)
  if (text === null) return ''
  const completions = (round.stopped?.completions ?? []).map(completionLine)
  const lines = [`${text.title}. ${text.reason} ${text.kept}`, ...completions]
  return `    <system-out>${lines.map(attribute).join('\n')}</system-out>\n`
}

type State = 'passed' | 'failure' | 'skipped'

function stateOf(each: ReportedEval, control: boolean): State {
  const bad = each.verdict === 'REGRESSED' || (each.role === 'target' && each.flags.includes('missed'))
  if (bad) return each.blocking && !control ? 'failure' : 'skipped'
  return each.verdict === 'INCONCLUSIVE' ? 'skipped' : 'passed'
}

function caseXml(each: ReportedEval, suite: string, state: State): string {
  const open = `    <testcase classname="${attribute(suite)}" name="${attribute(each.name)}"`
  return state === 'passed' ? `${open}/>` : `${open}><${state} message="${attribute(each.reason)}"/></testcase>`
}

/** Characters that XML forbids are shown by their code; lone surrogates are replaced. */
function attribute(text: string): string {
  return visibleText(text)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\s/g, ' ')
}
