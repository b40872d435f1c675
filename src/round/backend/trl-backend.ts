/**
 * @file TRL as a backend: a Python runner trains, and a server on the same hardware answers the evals with the adapters as they would be deployed.
 * Everything is started when it is first needed and ended with the run.
 */
import { posix, resolve } from 'node:path'
import { isHoldfastError } from '../../base/errors.ts'
import { HOLDFAST_VERSION } from '../../base/version.ts'
import { describeWeights } from '../../engine/checkpoint/describe-weights.ts'
import { openTokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Host } from '../../host/host.ts'
import { openHost } from '../../host/open-host.ts'
import { resolveModel } from '../../model/resolve-model.ts'
import { clearOldFolders, sendFolder } from '../../python/send-folder.ts'
import { probeHost, type HostProbe } from '../../python/probe.ts'
import { sendRunner } from '../../python/runner-folder.ts'
import type { TrainerEnvironment } from '../../python/environment.ts'
import type { Suite } from '../../suite/checked-suite.ts'
import type { TrlTrainerOptions } from '../../suite/trainer-options.ts'
import { createTrlTrainer } from '../../trainer/trl/trl-trainer.ts'
import { AdapterAsBaseError, StopTokenMissingError } from '../errors.ts'
import { openEstimateBase } from '../../estimate/estimate-base.ts'
import { dryRun } from '../dry-run/dry-run.ts'
import type { DryRunDevice } from '../dry-run/device.ts'
import { probedDevice } from '../dry-run/dry-run-suite.ts'
import { shownPath } from '../open-base.ts'
import type { Backend, BackendPlace } from './backend.ts'
import { openEmbeddedBackend } from './embedded-backend.ts'
import { chooseTrlDevice } from './trl-device.ts'
import { TrlServer } from './trl-server.ts'
import type { TrlSetting } from './trl-setting.ts'

/**
 * Finds the machine, its Python environment and the base model; nothing is started yet.
 * @throws errors of the host, of the environment (TRAINER_NOT_SET_UP, …), of finding models, TrainerDeviceError
 */
export async function openTrlBackend(suite: Suite, options: TrlTrainerOptions): Promise<Backend> {
  const host = openHost(options.host)
  try {
    const probe = await probeHost(host, { python: options.python })
    if (isHoldfastError(probe.environment)) throw probe.environment
    const setting = await prepare(suite, { host, probe, environment: probe.environment, options })
    return await assemble(setting)
  } catch (error) {
    await host.close()
    throw error
  }
}

interface FoundMachine {
  readonly host: Host
  readonly probe: HostProbe
  readonly environment: TrainerEnvironment
  readonly options: TrlTrainerOptions
}

async function prepare(suite: Suite, { host, probe, environment, options }: FoundMachine): Promise<TrlSetting> {
  const { stdout: visible } = await host.run(['sh', '-c', 'printf %s "$CUDA_VISIBLE_DEVICES"'])
  const device = chooseTrlDevice(probe, options, visible)
  const { baseDirectory, adapterDirectory } = await resolveModel(suite.base)
  if (adapterDirectory !== null) throw new AdapterAsBaseError(suite.base)
  await refuseShortage(suite, baseDirectory, probedDevice(suite, device, probe))
  const tokenizer = openTokenizer(baseDirectory, { thinking: suite.thinking })
  const weights = await describeWeights(baseDirectory)
  const [stopId] = weights.stopIds
  if (stopId === undefined) throw new StopTokenMissingError(baseDirectory)
  const padId = typeof weights.config['pad_token_id'] === 'number' ? weights.config['pad_token_id'] : stopId
  await clearOldFolders(host)
  const packageFolder = await sendRunner(host)
  const basePath = await sendFolder(host, baseDirectory, { kind: 'models', hash: weights.hash })
  const packages = versionsOf(probe)
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`)
  const threads = options.threads === undefined ? [] : [`${options.threads} threads`]
  const runtime = [
    `holdfast ${HOLDFAST_VERSION}`,
    ...versions,
    device.name,
    ...threads,
    device.precision,
    `answers by ${device.evaluation}`,
  ].join(', ')
  return { host, environment, packageFolder, basePath, weights, tokenizer, padId, device, options, suite, packages, runtime }
}

/** Versions of what decides numbers. */
function versionsOf(probe: HostProbe): Record<string, string> {
  const { trl, transformers, peft, torch, vllm } = probe.inside?.packages ?? {}
  const known = Object.entries({ trl, transformers, peft, torch, vllm })
  return Object.fromEntries(known.flatMap(([name, version]) => (version == null ? [] : [[name, version] as const])))
}

async function assemble(setting: TrlSetting): Promise<Backend> {
  const { host, device, suite, weights, tokenizer, options } = setting
  const embedded = device.evaluation === 'embedded' ? await openEmbeddedBackend(suite.base, { thinking: suite.thinking }) : null
  const made = device.places.map((visible, index) => {
    const server = embedded === null ? new TrlServer(setting, { index, visible }) : null
    return { server, place: placeOf(setting, { visible, server, embedded }) }
  })
  const [first, ...others] = made.map(({ place }) => place)
  return {
    record: {
      name: shownPath(suite.base),
      directory: shownPath((await resolveModel(suite.base)).baseDirectory),
      hash: weights.hash,
      tokenizer: tokenizer.hash,
      parameterCount: weights.parameterCount,
      runtime: setting.runtime,
    },
    trainerRecord: {
      name: 'trl',
      host: options.host === undefined ? 'local' : 'ssh',
      device: device.name,
      precision: device.precision,
      evaluation: device.evaluation,
      packages: setting.packages,
    },
    tokenizer,
    places: [first as BackendPlace, ...others],
    close: async () => {
      for (const { server } of made) await server?.stop()
      await embedded?.close()
      await host.close()
    },
  }
}

function placeOf(
  setting: TrlSetting,
  parts: { readonly visible: string | null; readonly server: TrlServer | null; readonly embedded: Backend | null },
): BackendPlace {
  const { host, environment, packageFolder, basePath, tokenizer, weights, padId, device, options } = setting
  const trainer = createTrlTrainer({
    host,
    command: {
      python: environment.python,
      packageFolder,
      accelerate: options.accelerate === undefined ? null : acceleratePath(host, options.accelerate),
      visibleDevices: parts.visible,
      threads: options.threads ?? null,
    },
    base: { path: basePath, revision: null },
    device: {
      kind: device.kind,
      threads: options.threads ?? null,
      precision: device.precision,
      gradientCheckpointing: options.gradientCheckpointing ?? device.kind === 'cuda',
      microBatchSize: options.microBatchSize ?? null,
      vllm: options.vllm ?? false,
    },
    text: { tokenizer, stopIds: weights.stopIds, padId },
    options: options.options ?? {},
  })
  return {
    trainer: {
      ...trainer,
      submit: async (spec, services) => {
        // A card rarely holds the model twice: while it trains, nothing is served from it.
        if (device.kind === 'cuda') await parts.server?.stop()
        return trainer.submit(spec, services)
      },
    },
    open: (adapter) => parts.server?.open(adapter) ?? (parts.embedded as Backend).places[0].open(adapter),
  }
}

/** A file of this machine, or a path on the other one. */
function acceleratePath(host: Host, path: string): string {
  return host.isLocal ? resolve(path) : posix.normalize(path)
}

/** A training that would not fit is refused before anything starts. @throws MemoryTooSmallError */
async function refuseShortage(suite: Suite, baseDirectory: string, device: DryRunDevice): Promise<void> {
  const base = await openEstimateBase(baseDirectory, { thinking: suite.thinking })
  const short = dryRun(suite, { definition: null, base, device }).parts.find((part) => part.shortage !== null)
  if (short?.shortage != null) throw short.shortage
}
