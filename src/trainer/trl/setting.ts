/**
 * @file What every slot of an open trl trainer shares: the machine, its Python, the base model and how it is computed.
 */
import type { WeightsDescription } from '../../engine/checkpoint/describe-weights.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Host } from '../../host/host.ts'
import type { TrainerEnvironment } from '../../python/environment.ts'
import type { OpenRequest } from '../driver.ts'
import type { TrlDevice } from './device.ts'
import type { TrlOptions } from './driver.ts'

/** What every slot of an open trl trainer shares. */
export interface TrlSetting {
  readonly host: Host
  readonly environment: TrainerEnvironment
  /** Folder of the Python package, on the host. */
  readonly packageFolder: string
  /** The base model on the host, and as records know it. */
  readonly basePath: string
  /** On this machine. */
  readonly baseDirectory: string
  readonly weights: WeightsDescription
  readonly tokenizer: Tokenizer
  readonly padId: number
  readonly device: TrlDevice
  readonly options: TrlOptions
  readonly request: OpenRequest
  /** Versions of the packages that decide numbers. */
  readonly packages: Readonly<Record<string, string>>
  /** Packages, device, precision and server in one line: grades are only equal where these are. */
  readonly runtime: string
}
