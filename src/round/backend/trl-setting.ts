/**
 * @file What every place of a trl backend shares: the machine, its Python, the base model and how it is computed.
 */
import type { WeightsDescription } from '../../engine/checkpoint/describe-weights.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Host } from '../../host/host.ts'
import type { TrainerEnvironment } from '../../python/environment.ts'
import type { Suite } from '../../suite/checked-suite.ts'
import type { TrlTrainerOptions } from '../../suite/trainer-options.ts'
import type { TrlDevice } from './trl-device.ts'

/** What every place of a trl backend shares. */
export interface TrlSetting {
  readonly host: Host
  readonly environment: TrainerEnvironment
  /** Folder of the Python package, on the host. */
  readonly packageFolder: string
  /** The base model on the host, and as records know it. */
  readonly basePath: string
  readonly weights: WeightsDescription
  readonly tokenizer: Tokenizer
  readonly padId: number
  readonly device: TrlDevice
  readonly options: TrlTrainerOptions
  readonly suite: Suite
  /** Versions of the packages that decide numbers. */
  readonly packages: Readonly<Record<string, string>>
  /** Packages, device, precision and server in one line: grades are only equal where these are. */
  readonly runtime: string
}
