/**
 * @file Opens the trl trainer: a Python runner trains, and a server on the same hardware answers the evals with the adapters as they would be deployed.
 * Everything is started when it is first needed and ended with the run.
 */
import { posix, resolve } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { isHoldfastError } from '../../base/errors.ts'
import { HOLDFAST_VERSION } from '../../base/version.ts'
import { describeWeights } from '../../engine/checkpoint/describe-weights.ts'
import { openTokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { Host } from '../../host/host.ts'
import { openHost } from '../../host/open-host.ts'
import { resolveModel } from '../../model/resolve-model.ts'
import type { TrainerEnvironment } from '../../python/environment.ts'
import { forkRunners } from '../../python/forking-host.ts'
import { clearOldFolders, sendFolder } from '../../python/send-folder.ts'
import { probeHost, type HostProbe } from '../../python/probe.ts'
import { sendRunner } from '../../python/runner-folder.ts'
import type { OpenRequest, OpenTrainer, TrainerSlot } from '../driver.ts'
import { openEmbedded } from '../embedded/open.ts'
import { AdapterAsBaseError, StopTokenMissingError } from '../errors.ts'
import { checkTrlOptions } from './check-options.ts'
import { chooseTrlDevice } from './device.ts'
import type { TrlOptions } from './driver.ts'
import { probedDevice, trlEstimate } from './estimate/estimate.ts'
import type { RunnerSpec } from './protocol.ts'
import type { RunnerCommand } from './runner/process.ts'
import { TrlServer } from './server.ts'
import type { TrlSetting } from './setting.ts'
import { createTrlTrainer } from './trl-trainer.ts'

/**
 * Finds the machine, its Python environment and the base model; nothing is left running.
 * @throws errors of the host, of the environment (TRAINER_NOT_SET_UP, …), of finding models, TrainerDeviceError, TrlOptionsError
 */
export async function openTrl(options: TrlOptions, request: OpenRequest): Promise<OpenTrainer> {
  const host = openHost(options.host)
  try {
    const probe = await probeHost(host, { python: options.python })
    if (isHoldfastError(probe.environment)) throw probe.environment
    const setting = await prepare(request, { host, probe, environment: probe.environment, options })
    await checkTrlOptions({ ...setting, command: runnerCommand(setting, null), runnerDevice: runnerDevice(setting) })
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
  readonly options: TrlOptions
}

async function prepare(request: OpenRequest, { host, probe, environment, options }: FoundMachine): Promise<TrlSetting> {
  const { stdout: visible } = await host.run(['sh', '-c', 'printf %s "$CUDA_VISIBLE_DEVICES"'])
  const device = chooseTrlDevice(probe, options, visible)
  const { baseDirectory, adapterDirectory } = await resolveModel(request.base)
  if (adapterDirectory !== null) throw new AdapterAsBaseError({ reference: request.base })
  await request.check(trlEstimate(options, probedDevice(device, probe)))
  const tokenizer = openTokenizer(baseDirectory, { thinking: request.thinking })
  const weights = await describeWeights(baseDirectory)
  const [stopId] = weights.stopIds
  if (stopId === undefined) throw new StopTokenMissingError({ directory: baseDirectory })
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
  return {
    host: device.kind === 'cpu' ? forkRunners(host) : host,
    ...{ environment, packageFolder, baseDirectory, basePath, weights, tokenizer, padId },
    ...{ device, options, request, packages, runtime },
  }
}

/** Versions of what decides numbers. */
function versionsOf(probe: HostProbe): Record<string, string> {
  const { trl, transformers, peft, torch, vllm } = probe.inside?.packages ?? {}
  const known = Object.entries({ trl, transformers, peft, torch, vllm })
  return Object.fromEntries(known.flatMap(([name, version]) => (version == null ? [] : [[name, version] as const])))
}

async function assemble(setting: TrlSetting): Promise<OpenTrainer> {
  const { host, device, request, weights, tokenizer, options } = setting
  const embedded = device.evaluation === 'embedded' ? await openEmbedded({}, request) : null
  const made = device.visible.map((visible, index) => {
    const server = embedded === null ? new TrlServer(setting, { index, visible }) : null
    return { server, slot: openSlot(setting, { visible, server, embedded }) }
  })
  const [first, ...others] = made.map(({ slot }) => slot)
  return {
    base: {
      name: displayPath(request.base),
      directory: displayPath(setting.baseDirectory),
      hash: weights.hash,
      tokenizer: tokenizer.hash,
      parameterCount: weights.parameterCount,
      runtime: setting.runtime,
    },
    record: {
      name: 'trl',
      host: options.host === undefined ? 'local' : 'ssh',
      device: device.name,
      precision: device.precision,
      evaluation: device.evaluation,
      packages: { ...setting.packages },
    },
    tokenizer,
    start: options.start ?? 'continue',
    slots: [first as TrainerSlot, ...others],
    close: async () => {
      for (const { server } of made) await server?.stop()
      await embedded?.close()
      await host.close()
    },
  }
}

function openSlot(
  setting: TrlSetting,
  parts: { readonly visible: string | null; readonly server: TrlServer | null; readonly embedded: OpenTrainer | null },
): TrainerSlot {
  const { host, basePath, tokenizer, weights, padId, device, options } = setting
  const trainer = createTrlTrainer({
    host,
    command: runnerCommand(setting, parts.visible),
    base: { path: basePath, revision: null },
    device: runnerDevice(setting),
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
    open: (adapter) => parts.server?.open(adapter) ?? (parts.embedded as OpenTrainer).slots[0].open(adapter),
  }
}

function runnerCommand({ host, environment, packageFolder, options }: TrlSetting, visible: string | null): RunnerCommand {
  return {
    python: environment.python,
    packageFolder,
    accelerate: options.accelerate === undefined ? null : acceleratePath(host, options.accelerate),
    visibleDevices: visible,
    threads: options.threads ?? null,
  }
}

function runnerDevice({ device, options }: TrlSetting): RunnerSpec['device'] {
  return {
    kind: device.kind,
    threads: options.threads ?? null,
    precision: device.precision,
    gradientCheckpointing: options.gradientCheckpointing ?? device.kind === 'cuda',
    microBatchSize: options.microBatchSize ?? null,
    vllm: options.vllm ?? false,
  }
}

/** A file of this machine, or a path on the other one. */
function acceleratePath(host: Host, path: string): string {
  return host.isLocal ? resolve(path) : posix.normalize(path)
}
