/**
 * @file A line for each arm in the Markdown summary, then what a reader is told of single rounds, then warnings.
 */
import { markdownProse, markdownText } from '../../markdown-text.ts'
import { minusSigns } from '../../number-text.ts'
import type { EvalsMembers, ReportedRound } from '../evals/data.ts'
import { completionLine, stopText } from '../evals/stop-text.ts'
import type { MethodMembers } from '../method/data.ts'
import type { VerdictMembers } from './data.ts'

export function verdictMarkdown(document: VerdictMembers & EvalsMembers & Pick<MethodMembers, 'warnings'>): readonly string[] {
  const arms = document.arms.map(
    ({ name, role, accepted, outcomes, line }) =>
      `- **${markdownText(name)}** (${role}), ${accepted.length} of ${outcomes.length} rounds accepted: ${markdownText(minusSigns(line))}`,
  )
  const notices = document.rounds.flatMap((round) => [...stopNotice(round), ...choiceNotice(round), ...lostNotice(round, document)])
  const warnings = document.warnings.map(({ code, message }) => `> ${markdownText(code)}: ${markdownText(message)}`)
  return [arms.join('\n'), ...notices, ...(warnings.length === 0 ? [] : [warnings.join('\n>\n')])]
}

/** Why a training was stopped as reward hacking, with the completions behind it folded away. */
function stopNotice(round: ReportedRound): string[] {
  const text = stopText(round)
  if (text === null) return []
  const notice = `> ■ **${nameOf(round)}: ${markdownText(text.title)}.** ${markdownText(minusSigns(text.reason))} ${markdownText(text.kept)}`
  const lines = (round.stopped?.completions ?? []).map((each) => `- ${markdownProse(completionLine(each))}`)
  if (lines.length === 0) return [notice]
  return [notice, `<details><summary>Completions with the highest reward before the stop</summary>\n\n${lines.join('\n')}\n\n</details>`]
}

/** That no checkpoint had kept all that was there: what went to the gate was only the least broken one. */
function choiceNotice(round: ReportedRound): string[] {
  return round.choice === undefined || round.choice.eligible ? [] : [`> ${nameOf(round)}: ${markdownText(minusSigns(round.choice.reason))}`]
}

/** A lost round that is not told in its arm's own line. */
function lostNotice(round: ReportedRound, { arms }: VerdictMembers): string[] {
  const line = arms.find((arm) => arm.name === round.arm)?.line
  const isTold = line === `${round.round} ${round.outcome}: ${round.decidingFact}`
  return round.lost === undefined || isTold ? [] : [`> ${nameOf(round)}: ${markdownText(minusSigns(round.decidingFact))}`]
}

function nameOf({ round, arm }: ReportedRound): string {
  return `${markdownText(round)} · ${markdownText(arm)}`
}
