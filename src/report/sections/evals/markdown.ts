/**
 * @file A folded table for each round that reached a verdict, in the Markdown summary.
 */
import { markdownText } from '../../markdown-text.ts'
import { intervalPoints, sharePoints, signedPoints } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { EvalsMembers, ReportedRound } from './data.ts'
import { roleWord, verdictMark } from './eval-words.ts'

const HEAD =
  '| eval | role | n | before → after | difference, points | lost / gained | verdict |\n| --- | --- | ---: | --- | --- | --- | --- |'

export function evalsMarkdown({ rounds }: EvalsMembers): readonly string[] {
  return rounds.filter((round) => round.evals.length > 0).map(roundTable)
}

function roundTable(round: ReportedRound): string {
  const mark = outcomeMark(round.outcome)
  const rows = round.evals.map((each) => {
    const verdict = verdictMark(each)
    const interval = intervalPoints(each.interval)
    return `| ${markdownText(each.name)} | ${roleWord(each)} | ${each.n} | ${sharePoints(each.before)} → ${sharePoints(each.after)} | ${signedPoints(each.difference)} ${interval} | ${each.lost} / ${each.gained} | ${verdict.symbol} ${verdict.word} |`
  })
  const title = `${mark.symbol} ${markdownText(round.round)} · ${markdownText(round.arm)}: ${mark.word}`
  return `<details><summary>${title}</summary>\n\n${HEAD}\n${rows.join('\n')}\n\n</details>`
}
