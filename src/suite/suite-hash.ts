/**
 * @file The hash of everything in a suite that decides a verdict: it stands in every record and report, and tells one budget from another.
 */
import { existsSync, readFileSync } from 'node:fs'
import { hashJson, sha256 } from '../base/hash.ts'
import type { Suite, SuiteEval } from './checked-suite.ts'
import type { TrlTrainerOptions } from './trainer-options.ts'

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
  return {
    ...(trainer.name === 'embedded' ? {} : { trainer: decidingOptions(trainer) }),
    ...(thinking === null ? {} : { thinking }),
    ...{ hacking, checkpoints, devCases },
  }
}

/** Where a trainer runs decides nothing (device, threads and packages stand in the plan); how it computes does. */
function decidingOptions({ kind, host, python, device, devices, threads, controls, ...deciding }: TrlTrainerOptions): unknown {
  const { precision = 'auto', start = 'continue', options = {}, vllm = false, accelerate } = deciding
  return { ...deciding, precision, start, options, vllm, ...(accelerate === undefined ? {} : { accelerate: contentOf(accelerate) }) }
}

/** Of a configuration file on this machine; one on another machine goes by its path. */
function contentOf(path: string): string {
  return existsSync(path) ? sha256(readFileSync(path)) : path
}
