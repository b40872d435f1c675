/**
 * @file The dry run of a suite on the device that a run would use, or on a card that is only named.
 */
import { resolve } from 'node:path'
import { isHoldfastError } from '../../base/errors.ts'
import { openHost } from '../../host/open-host.ts'
import { probeHost, type HostProbe } from '../../python/probe.ts'
import { checkSuite } from '../../suite/check-suite.ts'
import type { Suite } from '../../suite/checked-suite.ts'
import type { TrlTrainerOptions } from '../../suite/trainer-options.ts'
import { openEstimateBase } from '../../estimate/estimate-base.ts'
import { cardNames } from '../../estimate/device-speed.ts'
import { chooseTrlDevice, type TrlDevice } from '../backend/trl-device.ts'
import { assumeCard, describeDevice, type DryRunDevice } from './device.ts'
import { dryRun, type DryRun } from './dry-run.ts'
import { CardUnknownError } from '../errors.ts'
import { refuseLongExamples } from '../refuse-long-examples.ts'
import type { RunSuiteOptions } from '../run-suite.ts'

/** @throws CardUnknownError, the errors of checking suites and finding models, and without a card those of the trainer's machine */
export async function dryRunSuite(options: RunSuiteOptions, card: string | null): Promise<DryRun> {
  const suite = await checkSuite(options.suite, resolve(options.suiteFile), options)
  const base = await openEstimateBase(suite.base, { thinking: suite.thinking })
  refuseLongExamples(suite, base)
  return dryRun(suite, { definition: options.suite, base, device: card === null ? await deviceHere(suite) : cardOf(suite, card) })
}

function cardOf(suite: Suite, card: string): DryRunDevice {
  const assumed = assumeCard(suite, card)
  if (assumed === null) throw new CardUnknownError({ card, trainer: suite.trainer.name, known: cardNames() })
  return assumed
}

async function deviceHere(suite: Suite): Promise<DryRunDevice> {
  if (suite.trainer.name === 'embedded') return describeDevice(suite, { kind: 'cpu', precision: 'f32', name: 'cpu', memoryBytes: null })
  return trlDeviceHere(suite, suite.trainer)
}

async function trlDeviceHere(suite: Suite, trainer: TrlTrainerOptions): Promise<DryRunDevice> {
  const host = openHost(trainer.host)
  try {
    const probe = await probeHost(host, { python: trainer.python })
    if (isHoldfastError(probe.environment)) throw probe.environment
    return probedDevice(suite, chooseTrlDevice(probe, trainer), probe)
  } finally {
    await host.close()
  }
}

/** The device of a probed machine with its memory: the card's, or the machine's where it trains on the processor. */
export function probedDevice(suite: Suite, device: TrlDevice, probe: HostProbe): DryRunDevice {
  const { kind, precision, name } = device
  const cards = probe.inside?.torch?.devices ?? []
  const memoryBytes = kind === 'cpu' ? probe.survey.memoryBytes : (cards.find((card) => card.name === name)?.totalBytes ?? null)
  return describeDevice(suite, { kind, precision, name, memoryBytes })
}
