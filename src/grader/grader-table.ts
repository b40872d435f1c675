/**
 * @file The table of built-in graders in docs/graders.md, as their cards say it.
 */
import * as CARDS from './built-in.ts'
import { FAMILIES } from './grader-card.ts'

/** Markdown, a row for each grader, by family and name. */
export function graderTable(): string {
  const rows = Object.entries(CARDS)
    .toSorted(([a, one], [b, other]) => FAMILIES.indexOf(one.family) - FAMILIES.indexOf(other.family) || a.localeCompare(b, 'en'))
    .map(([name, card]) => [`\`${name}\``, card.compares, card.expected, card.rewardDemands, card.partialCredit])
  const head = ['`graders.`', 'compares', '`expected`', 'reward demands', 'partial credit']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
