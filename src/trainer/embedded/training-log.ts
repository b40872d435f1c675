/**
 * @file The files of one training: `events.jsonl` and `rollouts.jsonl`. Both are written at checkpoints only, after the checkpoint itself,
 * so that whatever a killed process leaves ends at a state from which training can go on with the same bits.
 */
import { join } from 'node:path'
import { appendJsonl, readCompleteLines, rewriteJsonl } from '../../base/jsonl.ts'
import { EVENTS_FILE, ROLLOUTS_FILE } from '../../ledger/run-layout.ts'
import { rolloutSchema, trainingEventSchema, type Rollout, type TrainingEvent } from '../training-event.ts'

/** What an earlier process left: everything up to its last planned checkpoint. */
export interface EarlierTraining {
  readonly events: readonly TrainingEvent[]
  readonly rollouts: readonly Rollout[]
  /** Step of the last checkpoint; 0 when there is none. */
  readonly step: number
  /** Whether the training had come to its end: finished, or stopped by its watch. */
  readonly finished: boolean
}

/** Reads what an earlier process left and drops everything after its last checkpoint, on disk too. */
export function openEarlierTraining(directory: string, planned: readonly number[]): EarlierTraining {
  const all = parseLines(join(directory, EVENTS_FILE), (line) => trainingEventSchema.parse(JSON.parse(line)))
  const end = all.at(-1)?.type
  const finished = end === 'finished' || end === 'stopped'
  const last = all.findLastIndex((event) => event.type === 'checkpoint' && planned.includes(event.step))
  const events = finished ? all : all.slice(0, last + 1)
  const checkpoint = all[last]
  const step = checkpoint?.type === 'checkpoint' ? checkpoint.step : 0
  const rollouts = parseLines(join(directory, ROLLOUTS_FILE), (line) => rolloutSchema.parse(JSON.parse(line))).filter((r) => r.step <= step)
  rewriteJsonl(join(directory, EVENTS_FILE), events)
  rewriteJsonl(join(directory, ROLLOUTS_FILE), rollouts)
  return { events, rollouts, step, finished }
}

function parseLines<T>(path: string, parse: (line: string) => T): T[] {
  return readCompleteLines(path).map(parse)
}

/** Collects events and rollouts and writes them together. */
export class TrainingLog {
  readonly #directory: string
  #events: TrainingEvent[] = []
  #rollouts: Rollout[] = []

  constructor(directory: string) {
    this.#directory = directory
  }

  event(event: TrainingEvent): void {
    this.#events.push(event)
  }

  rollouts(rollouts: readonly Rollout[]): void {
    for (const rollout of rollouts) this.#rollouts.push(rollout)
  }

  /** Rollouts first: an event says that everything before it is on disk. */
  flush(): void {
    appendJsonl(join(this.#directory, ROLLOUTS_FILE), this.#rollouts)
    appendJsonl(join(this.#directory, EVENTS_FILE), this.#events)
    this.#rollouts = []
    this.#events = []
  }
}
