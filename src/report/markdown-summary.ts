/**
 * @file The report as a Markdown comment for a pull request: verdict, one line for each arm, one table of what decided. Names are escaped.
 */
import { intervalPoints, sharePoints, signedPoints } from './number-text.ts'
import { outcomeMark, verdictMark } from './outcome-mark.ts'
import type { ReportDocument, ReportedRound } from './document.ts'
import { roleWord } from './sections/evals/view.ts'
import { completionLine, stopText } from './sections/watch/stop-text.ts'
import { visibleText } from './visible-text.ts'

/** The summary; ends with a line feed. */
export function markdownSummary(document: ReportDocument): string {
  const arms = document.arms.map(
    (arm) =>
      `- **${escape(arm.name)}** (${arm.role}), ${arm.accepted.length} of ${arm.outcomes.length} rounds accepted: ${escape(arm.line)}`,
  )
  const notices = document.rounds.flatMap((round) => [...stopNotice(round), ...choiceNotice(round), ...lostNotice(round, document)])
  const tables = document.rounds.filter((round) => round.evals.length > 0).map(roundTable)
  const warnings = document.warnings.map((warning) => `> ${escape(warning.code)}: ${escape(warning.message)}`)
  const footer = `Run ${escape(document.run)}, suite ${escape(document.suite.name)} (${document.suite.hash}), base ${escape(document.base.name)} (${document.base.hash}), alpha ${document.method.alpha}, seed ${document.method.seed}.`
  return `${[`## ${escape(document.headline)}`, arms.join('\n'), ...notices, ...(warnings.length === 0 ? [] : [warnings.join('\n>\n')]), ...tables, footer].join('\n\n')}\n`
}

/** Why a training was stopped as reward hacking, with the completions behind it folded away. */
function stopNotice(round: ReportedRound): string[] {
  const text = stopText(round)
  if (text === null) return []
  const notice = `> ■ **${escape(round.round)} · ${escape(round.arm)}: ${escape(text.title)}.** ${escape(text.reason)} ${escape(text.kept)}`
  const lines = (round.stopped?.completions ?? []).map((each) => `- ${escapeProse(completionLine(each))}`)
  if (lines.length === 0) return [notice]
  return [notice, `<details><summary>Completions with the highest reward before the stop</summary>\n\n${lines.join('\n')}\n\n</details>`]
}

/** That no checkpoint had kept all that was there: what went to the gate was only the least broken one. */
function choiceNotice({ round, arm, choice }: ReportedRound): string[] {
  return choice === undefined || choice.eligible ? [] : [`> ${escape(round)} · ${escape(arm)}: ${escape(choice.reason)}`]
}

/** A lost round that is not told in its arm's own line. */
function lostNotice(round: ReportedRound, document: ReportDocument): string[] {
  const line = document.arms.find((arm) => arm.name === round.arm)?.line
  const isTold = line === `${round.round} ${round.outcome}: ${round.decidingFact}`
  return round.lost === undefined || isTold ? [] : [`> ${escape(round.round)} · ${escape(round.arm)}: ${escape(round.decidingFact)}`]
}

function roundTable(round: ReportedRound): string {
  const mark = outcomeMark(round.outcome)
  const rows = round.evals.map((each) => {
    const verdict = verdictMark(each)
    const interval = intervalPoints(each.interval)
    return `| ${escape(each.name)} | ${roleWord(each)} | ${each.n} | ${sharePoints(each.before)} → ${sharePoints(each.after)} | ${signedPoints(each.difference)} ${interval} | ${each.lost} / ${each.gained} | ${verdict.symbol} ${verdict.word} |`
  })
  const head =
    '| eval | role | n | before → after | difference, points | lost / gained | verdict |\n| --- | --- | ---: | --- | --- | --- | --- |'
  return `<details><summary>${mark.symbol} ${escape(round.round)} · ${escape(round.arm)}: ${mark.word}</summary>\n\n${head}\n${rows.join('\n')}\n\n</details>`
}

/** Text that cannot become markup: HTML and Markdown specials are escaped, line ends become spaces. */
function escape(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|#!~@]/g, '\\$&')
}

/** What a model wrote: no address in it becomes a link either. */
function escapeProse(text: string): string {
  return escape(text).replace(/[:.]/g, '\\$&')
}
