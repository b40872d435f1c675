/**
 * @file What a finished run says in one number and one sentence. Controls never count.
 */
import type { RunHeader } from '../ledger/run-records.ts'

type Lineage = RunHeader['lineages'][number]

/** 0 accepted, 1 blocked, 2 inconclusive, 3 could not run. */
export type ExitCode = 0 | 1 | 2 | 3

/**
 * 0 when one candidate arm's lineage accepted every feature; else 3 when a candidate arm was lost; else 1 when some feature was blocked in
 * every candidate arm; else 2.
 */
export function runExitCode(lineages: readonly Lineage[]): ExitCode {
  const candidates = lineages.filter((lineage) => lineage.role === 'candidate')
  if (candidates.some(acceptedAll)) return 0
  if (candidates.some((lineage) => lineage.rounds.some((round) => round.outcome === 'LOST'))) return 3
  return blockedFeatures(candidates).length > 0 ? 1 : 2
}

/** One sentence for people. */
export function runSummary(lineages: readonly Lineage[]): string {
  const candidates = lineages.filter((lineage) => lineage.role === 'candidate')
  const winners = candidates.filter(acceptedAll).map((lineage) => lineage.arm)
  if (winners.length > 0) return `ACCEPTED: every feature was accepted in ${listNames(winners)}`
  const lost = candidates.filter((lineage) => lineage.rounds.some((round) => round.outcome === 'LOST')).map((lineage) => lineage.arm)
  if (lost.length > 0) return `COULD NOT RUN: training was lost in ${listNames(lost)}`
  const blocked = blockedFeatures(candidates)
  if (blocked.length > 0) return `BLOCKED: ${listNames(blocked)} ${blocked.length === 1 ? 'was' : 'were'} blocked in every candidate arm`
  if (candidates.length === 0) return 'INCONCLUSIVE: no candidate arm was run, controls alone decide nothing'
  return 'INCONCLUSIVE: no candidate arm accepted every feature, and no feature was blocked in all of them'
}

function acceptedAll(lineage: Lineage): boolean {
  return lineage.rounds.length > 0 && lineage.rounds.every((round) => round.outcome === 'ACCEPTED')
}

function blockedFeatures(candidates: readonly Lineage[]): string[] {
  const features = new Set(candidates.flatMap((lineage) => lineage.rounds.flatMap((round) => round.feature ?? [])))
  return [...features].filter((feature) =>
    candidates.every((lineage) => lineage.rounds.some((round) => round.feature === feature && round.outcome === 'BLOCKED')),
  )
}

function listNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

/** The exit code of one judged pair of models. */
export function verdictExitCode(verdict: 'ACCEPTED' | 'BLOCKED' | 'INCONCLUSIVE'): ExitCode {
  const codes = { ACCEPTED: 0, BLOCKED: 1, INCONCLUSIVE: 2 } as const
  return codes[verdict]
}
