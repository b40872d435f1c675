/**
 * @file The report's first sentence: which arm's lineage accepted what. It makes no comparison between tuning methods.
 */
import type { RecordedRun } from '../../recorded-run.ts'
import type { LineageRound } from '../../lineage.ts'

/** One sentence for the whole run; an interrupted run says so first. */
export function headline(run: RecordedRun, lineages: readonly LineageRound[]): string {
  const interrupted = run.header === null ? 'Interrupted. ' : ''
  return `${interrupted}${run.plan.mode === 'gate' ? gateSentence(run, lineages) : runSentence(run, lineages)}`
}

function gateSentence(run: RecordedRun, lineages: readonly LineageRound[]): string {
  const entry = lineages[0]
  const names = run.plan.compared
  if (entry === undefined || names === null) return 'Nothing was compared.'
  return `${entry.outcome}: ${names.candidate.name} against ${names.parent.name}${names.target === null ? '' : `, target ${names.target}`}.`
}

function runSentence(run: RecordedRun, lineages: readonly LineageRound[]): string {
  const features = run.plan.rounds.length
  const counts = run.plan.arms
    .filter((arm) => arm.role === 'candidate')
    .map((arm) => ({ arm: arm.name, accepted: acceptedRounds(lineages, arm.name).length }))
  if (counts.length === 0) return 'No arm of this run may ship: all are controls.'
  const whole = counts.filter((each) => each.accepted === features).map((each) => each.arm)
  if (whole.length > 0) return `${list(whole)} accepted ${features === 1 ? 'the feature' : `all ${features} features`}.`
  const best = Math.max(...counts.map((each) => each.accepted))
  if (best === 0) return 'No candidate arm accepted any feature.'
  const leading = counts.filter((each) => each.accepted === best).map((each) => each.arm)
  return `No candidate arm accepted all ${features} features; ${list(leading)} came furthest with ${best}.`
}

/** Rounds that an arm's lineage accepted, in order. */
export function acceptedRounds(lineages: readonly LineageRound[], arm: string): LineageRound[] {
  return lineages.filter((entry) => entry.recorded.arm === arm && entry.outcome === 'ACCEPTED')
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
