/**
 * @file The head of the page: the outcome in one sentence, a line for each arm, trainings that were stopped, and what the run warned of.
 */
import type { ReportHead } from '../../head.ts'
import { minusSigns } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { Section } from '../../section.ts'
import type { EvalsMembers } from '../evals/data.ts'
import { stopView } from '../evals/stop-view.ts'
import type { StopView } from '../evals/stop-view.ts'
import type { MethodMembers } from '../method/data.ts'
import { verdictData } from './data.ts'
import type { ReportedArm, VerdictMembers } from './data.ts'
import { verdictMarkdown } from './markdown.ts'

interface ArmView {
  readonly name: string
  readonly role: string
  readonly chips: readonly { readonly id: string; readonly label: string; readonly mark: Mark }[]
  readonly line: string
}

export interface VerdictView extends Pick<ReportHead, 'run' | 'headline' | 'summary'> {
  readonly suite: string
  readonly overall: Omit<Mark, 'word'>
  readonly interrupted: boolean
  readonly arms: readonly ArmView[]
  /** Trainings that were stopped as reward hacking. */
  readonly stops: readonly StopView[]
  readonly warnings: MethodMembers['warnings']
}

export function verdictView(document: ReportHead & VerdictMembers & EvalsMembers & Pick<MethodMembers, 'warnings'>): VerdictView {
  return {
    run: document.run,
    suite: document.suite.name,
    headline: document.headline,
    summary: document.summary,
    overall: overallMark(document),
    interrupted: document.state === 'interrupted',
    arms: document.arms.map(armView),
    stops: document.rounds.flatMap((each) => stopView(each) ?? []),
    warnings: document.warnings,
  }
}

/** Good once one arm that may ship accepted everything. */
export function overallMark(document: Pick<ReportHead, 'state'> & VerdictMembers): Omit<Mark, 'word'> {
  if (document.state === 'interrupted') return { tone: 'mute', symbol: '…' }
  const candidates = document.arms.filter((arm) => arm.role === 'candidate')
  const whole = candidates.some((arm) => arm.outcomes.length > 0 && arm.accepted.length === arm.outcomes.length)
  if (whole) return { tone: 'good', symbol: '✓' }
  const blocked = candidates.some((arm) => arm.outcomes.some(({ outcome }) => outcome === 'BLOCKED'))
  return blocked ? { tone: 'bad', symbol: '✕' } : { tone: 'open', symbol: '?' }
}

function armView({ name, role, outcomes, line }: ReportedArm): ArmView {
  const chips = outcomes.map(({ round, feature, outcome }) => ({
    id: `${round}--${name}`,
    label: feature ?? round,
    mark: outcomeMark(outcome),
  }))
  return { name, role, chips, line: minusSigns(line) }
}

export const verdict = { name: 'verdict', title: null, data: verdictData, view: verdictView, markdown: verdictMarkdown } satisfies Section
