/**
 * @file The device that a dry run estimates for: the one that a run would use, or a card that is only named, so that a run can be planned for a machine that
 * is not at hand.
 */
import type { Suite } from '../../suite/checked-suite.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import type { EstimateBase } from '../../estimate/estimate-base.ts'
import { cardSpeed, cpuSpeed, findCard, type DeviceSpeed } from '../../estimate/device-speed.ts'

/** The device that a run would use. */
export interface DryRunDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: 'f32' | 'bf16' | '4bit'
  readonly speed: DeviceSpeed
  /** What it has; null where that is not known, and then nothing is refused. */
  readonly memoryBytes: number | null
}

/** What is estimated with. `definition` is the suite as written, for the arms that are left out; null where nobody asks for them. */
export interface DryRunInput {
  readonly definition: SuiteDefinition | null
  readonly base: EstimateBase
  readonly device: DryRunDevice
}

/** A device as it was found. */
export interface FoundDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: DryRunDevice['precision']
  /** As torch calls it. */
  readonly name: string
  readonly memoryBytes: number | null
}

const STAND_IN = 'RTX 3090'

/** A device that was found, with the speed that it is taken to have. A card that is not in the table is taken to be an RTX 3090. */
export function describeDevice(suite: Suite, found: FoundDevice): DryRunDevice {
  const { kind, precision, name, memoryBytes } = found
  if (kind === 'cpu') return { kind, precision, speed: cpuSpeed(suite.trainer.name), memoryBytes }
  const card = findCard(name)
  const stand = card ?? findCard(STAND_IN)
  if (stand === null) return { kind, precision, speed: cpuSpeed(suite.trainer.name), memoryBytes }
  const speed = cardSpeed(stand, precision)
  const unknown = card === null ? `${name} is not in the table of cards and taken to be an ` : ''
  return { kind, precision, speed: { ...speed, name, assumption: `${unknown}${speed.assumption}` }, memoryBytes }
}

/** A card by its name, in the precision that the suite asks for; null when the table does not have it. */
export function assumeCard(suite: Suite, cardName: string): DryRunDevice | null {
  const card = findCard(cardName)
  if (card === null || suite.trainer.name !== 'trl') return null
  const asked = suite.trainer.precision ?? 'auto'
  const precision = asked === 'auto' ? 'bf16' : asked
  return { kind: 'cuda', precision, speed: cardSpeed(card, precision), memoryBytes: card.memoryBytes }
}

/** Gradient checkpointing as the trl trainer chooses it; the embedded engine keeps its activations. */
export function usesCheckpointing(suite: Suite, device: DryRunDevice): boolean {
  return suite.trainer.name === 'trl' && (suite.trainer.gradientCheckpointing ?? device.kind === 'cuda')
}
