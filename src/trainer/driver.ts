/**
 * @file TrainerDriver: the only place that knows a trainer. Everything else asks the list in drivers.ts and names none. A driver is light: what it
 * opens and estimates with is loaded when it is asked to, because suite files load every driver.
 */
import type { z } from 'zod'
import type { TokenSequence } from '../engine/engine.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { EstimateBase } from '../estimate/estimate-base.ts'
import type { DeviceSpeed, EstimatedDevice } from '../estimate/device-speed.ts'
import type { MemoryTooSmallError } from '../estimate/errors.ts'
import type { MemoryEstimate } from '../estimate/memory.ts'
import type { ExampleLengths } from '../estimate/text-lengths.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import type { AdapterDirectory } from '../model/embedded-base.ts'
import type { Model } from '../model/model.ts'
import type { BaseRecord } from './base-record.ts'
import type { Trainer } from './trainer.ts'
import type { LoraSpec } from './training-spec.ts'

/** Options that the command line may set, where a driver has them. */
export type TrainerFlag = 'host' | 'python' | 'device' | 'threads'

/** A trainer as suites, rounds and the command line know it. */
export interface TrainerDriver<Name extends string = string, Options extends object = object> {
  readonly name: Name
  /** What it is, in one phrase for help and messages. */
  readonly description: string
  /** A schema for every option that a suite file may write beside the name. */
  readonly options: OptionSchemas<Options>
  readonly flags: readonly TrainerFlag[]
  /** Why it cannot run a method, in one sentence with the alternative; null when it can. Asked before anything runs. */
  refuse(method: MethodSpec): string | null
  /** What of the options decides a verdict, for the suite's hash; null where nothing does. It must give for ever what it once gave. */
  hashed(options: Options): Readonly<Record<string, unknown>> | null
  /** Whether control arms run without being named. */
  runsControls(options: Options): boolean
  /** Finds its machine and the base model. @throws errors of finding models and of the trainer's machine, and what the request's `check` throws */
  open(options: Options, request: OpenRequest): Promise<OpenTrainer>
  /** What it would compute with: the device that a run would use, or a card that is only named. @throws CardUnknownError, errors of its machine */
  estimate(options: Options, card: string | null): Promise<TrainerEstimate>
}

/** What a suite file writes: the name with the trainer's options, or what the function of that name returns. */
export type TrainerChoice<Name extends string, Options extends object> = {
  readonly kind?: 'holdfast.trainer'
  readonly name: Name
} & Options

/** One schema for each option, those of optional ones included. */
export type OptionSchemas<Options extends object> = { readonly [Key in keyof Options]-?: z.ZodType<Options[Key] | undefined> }

/** What a driver is told when it opens. */
export interface OpenRequest {
  /** Directory or hub id of the base model. */
  readonly base: string
  readonly thinking: 'on' | 'off' | null
  readonly seed: number
  readonly lora: LoraSpec
  /** Trainings that will be asked for: what a driver can refuse of them it refuses now, before the base is graded. */
  readonly trainings: readonly PlannedTraining[]
  /** To be called with what it will compute with before anything is copied or started; throws where a training would not fit. */
  readonly check: (estimate: TrainerEstimate) => Promise<void>
}

/** One arm's training in one round, before it has a parent. */
export interface PlannedTraining {
  readonly round: string
  readonly arm: string
  readonly method: MethodSpec
}

/** What a run's plan says of a trainer that its runtime does not describe. */
export interface TrainerRecord {
  readonly name: string
  readonly host: string
  readonly device: string
  readonly precision: string
  readonly evaluation: string
  readonly packages: Record<string, string>
}

/** An open trainer: what trains a run's adapters and answers its evals. */
export interface OpenTrainer {
  readonly base: BaseRecord
  readonly record: TrainerRecord | null
  readonly tokenizer: Tokenizer
  /** Whether a round trains its parent's adapter on, or merges it and starts a new one. */
  readonly start: 'continue' | 'merge'
  /** Where arms can work side by side; at least one. */
  readonly slots: readonly [TrainerSlot, ...TrainerSlot[]]
  close(): Promise<void>
}

/** A device with everything one arm needs; what happens in one slot happens one after another. */
export interface TrainerSlot {
  readonly trainer: Trainer
  /** The base (null) or one of its adapters. */
  open(adapter: AdapterDirectory | null): Promise<OpenModel>
}

/** A model that answers, open until `close`. */
export interface OpenModel {
  readonly model: Model
  /** Mean KL(base || this model) in nats per token of these answers; 0 for the base itself, null where it cannot be measured. */
  kl(answers: readonly TokenSequence[]): Promise<number | null>
  close(): Promise<void>
}

/** What a trainer computes with, and what it knows of its own needs. */
export interface TrainerEstimate {
  readonly device: EstimatedDevice
  /** What answers the evals, where that is not the device that trains. */
  readonly grading: DeviceSpeed | null
  /** The memory of an arm's training; both null for a trainer that fits its batches to what there is. */
  memory(training: EstimatedTraining, base: EstimateBase): EstimatedMemory
}

/** One arm's training as far as its memory depends on it. */
export interface EstimatedTraining extends PlannedTraining {
  readonly lora: LoraSpec
  readonly lengths: ExampleLengths
  readonly maxNewTokens: number
}

/** The hungriest stage's estimate, and why it would not fit. */
export interface EstimatedMemory {
  readonly memory: MemoryEstimate | null
  readonly shortage: MemoryTooSmallError | null
}
