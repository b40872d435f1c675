/**
 * @file The report's first sentence: which arm's lineage accepted what. It makes no comparison between tuning methods.
 */
import { acceptedRounds } from './lineage.ts'
import type { TracedRun } from './lineage.ts'

/** One sentence for the whole run; an interrupted run says so first. */
export function headline(run: TracedRun): string {
  const interrupted = run.header === null ? 'Interrupted. ' : ''
  return `${interrupted}${run.plan.mode === 'gate' ? gateSentence(run) : runSentence(run)}`
}

function gateSentence({ lineages, plan }: TracedRun): string {
  const [entry] = lineages
  const names = plan.compared
  if (entry === undefined || names === null) return 'Nothing was compared.'
  return `${entry.outcome}: ${names.candidate.name} against ${names.parent.name}${names.target === null ? '' : `, target ${names.target}`}.`
}

function runSentence(run: TracedRun): string {
  const features = run.plan.rounds.length
  const counts = run.plan.arms
    .filter((arm) => arm.role === 'candidate')
    .map((arm) => ({ arm: arm.name, accepted: acceptedRounds(run, arm.name).length }))
  if (counts.length === 0) return 'No arm of this run may ship: all are controls.'
  const whole = counts.filter((each) => each.accepted === features).map((each) => each.arm)
  if (whole.length > 0) return `${list(whole)} accepted ${features === 1 ? 'the feature' : `all ${features} features`}.`
  const best = Math.max(...counts.map((each) => each.accepted))
  if (best === 0) return 'No candidate arm accepted any feature.'
  const leading = counts.filter((each) => each.accepted === best).map((each) => each.arm)
  return `No candidate arm accepted all ${features} features; ${list(leading)} came furthest with ${best}.`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
