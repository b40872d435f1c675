/**
 * @file The hash of everything in a suite that decides a verdict: it stands in every record and report, and tells one budget from another.
 */
import { hashJson } from '../base/hash.ts'
import type { Suite, SuiteEval } from './checked-suite.ts'
import { driverOf } from '../trainer/drivers.ts'

/** Hashes that the suite's parts are known by. */
export interface SuitePartHashes {
  /** Of the base model and its tokenizer. */
  readonly base: string
  /** By eval name: the hash of all its cases, of its graders and of its prompt's rendering. */
  readonly evals: Readonly<Record<string, { readonly cases: string; readonly graders: string }>>
}

/** 16 hexadecimal characters. The suite's file name and description do not count. */
export function suiteHash(suite: Suite, parts: SuitePartHashes): string {
  const describe = (entry: SuiteEval): unknown => ({
    name: entry.eval.name,
    kind: entry.kind,
    margin: entry.margin,
    minEffect: entry.minEffect,
    blocking: entry.blocking,
    passThreshold: entry.eval.passThreshold,
    sampling: entry.eval.sampling,
    repeats: entry.eval.repeats,
    chance: entry.eval.chance,
    expectedFlips: entry.eval.expectedFlips,
    graded: entry.eval.graded,
    reducer: entry.eval.reducer,
    tools: entry.eval.tools,
    ...parts.evals[entry.eval.name],
  })
  return hashJson({
    name: suite.name,
    base: parts.base,
    budget: suite.budget,
    features: suite.features.map(describe),
    retention: suite.retention.map(describe),
    arms: suite.arms,
    lora: suite.lora,
    gate: suite.gate,
    seed: suite.seed,
    ...decidingSettings(suite),
  })
}

/** Settings of a suite that no other member of a run's plan shows. */
export function decidingSettings({ trainer, thinking, hacking, checkpoints, devCases }: Suite): Readonly<Record<string, unknown>> {
  const hashed = driverOf(trainer).hashed(trainer)
  return {
    ...(hashed === null ? {} : { trainer: { ...hashed, name: trainer.name } }),
    ...(thinking === null ? {} : { thinking }),
    ...{ hacking, checkpoints, devCases },
  }
}
