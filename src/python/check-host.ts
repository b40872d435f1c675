/**
 * @file Judges what was learned of a host, item by item, with the command that mends what is missing. Pure; knows nothing of terminals.
 */
import type { HoldfastError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { gigabytes, setupCommand } from './errors.ts'
import type { CudaDevice } from './probe-python.ts'
import type { HostProbe } from './probe.ts'
import type { Extra } from './requirements.ts'

/** One line of `doctor`. `fix` is a command, or says that nothing needs to be done. */
export interface HostCheck {
  readonly name: string
  readonly state: 'ok' | 'missing' | 'warning'
  readonly found: string
  readonly fix?: string
}

/** Free disk under which rounds will soon stop: adapters, checkpoints and a base model of 7 B weights come to about as much. */
const LITTLE_DISK_BYTES = 20e9

/** Every item of a host: Python, environment, torch, CUDA, vLLM, bitsandbytes, disk. */
export function checkHost(probe: HostProbe): readonly HostCheck[] {
  return [
    checkPython(probe),
    ...checkEnvironment(probe),
    checkTorch(probe),
    ...checkCuda(probe),
    checkExtra(probe, 'vllm'),
    checkExtra(probe, 'bitsandbytes'),
    checkDisk(probe),
  ]
}

/** Whether the TRL trainer can run on the host, and on what. */
export function trainerDevice(probe: HostProbe): 'cpu' | 'cuda' | null {
  const torch = probe.inside?.torch
  if (torch === null || torch === undefined || versionOf(probe, 'torch') === null) return null
  if (torch.devices.length > 0) return 'cuda'
  // A failed import leaves no device; an import that only failed to reach the devices still leaves the CPU, but then somebody wanted the GPU.
  return torch.error === null ? 'cpu' : null
}

function checkPython({ python, survey }: HostProbe): HostCheck {
  if (isFailure(python)) return { name: 'Python', state: 'missing', found: python.summary, fix: withoutRun(python.fix) }
  const uv = survey.uv === null ? 'no uv, pip is used' : `uv ${survey.uv.version}`
  return { name: 'Python', state: 'ok', found: `${python.version} at ${python.path}, ${uv}` }
}

function checkEnvironment({ environment, folder, host }: HostProbe): readonly HostCheck[] {
  const name = 'environment'
  if (isFailure(environment)) {
    if (environment.code === 'TRAINER_NOT_SET_UP')
      return [{ name, state: 'missing', found: `none of this version in ${folder}`, fix: setupCommand(host) }]
    return [{ name, state: 'missing', found: environment.summary, fix: withoutRun(environment.fix) }]
  }
  const { python, source, variant, differences } = environment
  const found: HostCheck = { name, state: 'ok', found: source === 'own' ? `your own, ${python}` : `set up for ${variant}, ${python}` }
  const warnings = differences.map(({ name: package_, found, pinned }): HostCheck => {
    const fix = `${python} -m pip install ${package_}==${pinned}`
    return { name: package_, state: 'warning', found: `${quoteUntrusted(found)}, the trainer was tested with ${pinned}`, fix }
  })
  return [found, ...warnings]
}

function checkTorch(probe: HostProbe): HostCheck {
  const version = versionOf(probe, 'torch')
  if (version === null) return { name: 'torch', state: 'missing', found: 'no environment', fix: setupCommand(probe.host) }
  const { error = null, cudaVersion = null, devices = [] } = probe.inside?.torch ?? {}
  const build = cudaVersion === null ? 'for the CPU' : `for CUDA ${cudaVersion}`
  if (error === null || devices.length > 0)
    return { name: 'torch', state: 'ok', found: `${version}, ${build}; trl ${versionOf(probe, 'trl') ?? 'missing'}` }
  return { name: 'torch', state: 'missing', found: `${version} does not work: ${quoteUntrusted(error, 200)}`, fix: remake(probe) }
}

function checkCuda(probe: HostProbe): readonly HostCheck[] {
  const { survey, inside, host } = probe
  const devices = inside?.torch?.devices ?? []
  if (devices.length > 0) return devices.map((device, index) => ({ name: `CUDA ${index}`, state: 'ok', found: describeDevice(device) }))
  if (survey.nvidiaDriver === null)
    return [
      {
        name: 'CUDA',
        state: 'missing',
        found: 'nvidia-smi does not answer',
        fix: 'only with an NVIDIA card: sudo apt install nvidia-driver (Ubuntu: sudo ubuntu-drivers install)',
      },
    ]
  const driver = `NVIDIA driver ${survey.nvidiaDriver}`
  if (inside === null) return [{ name: 'CUDA', state: 'missing', found: `${driver}, but no environment`, fix: setupCommand(host) }]
  const build = inside.torch?.cudaVersion ?? null
  if (build === null)
    return [
      { name: 'CUDA', state: 'warning', found: `${driver}, but this torch is a build for the CPU`, fix: setupCommand(host, '--cuda') },
    ]
  return [
    {
      name: 'CUDA',
      state: 'missing',
      found: `${driver}, but torch for CUDA ${build} sees no device`,
      fix: 'nvidia-smi, and update the driver when it names an older CUDA version',
    },
  ]
}

function describeDevice({ name, freeBytes, totalBytes, computeCapability, bf16 }: CudaDevice): string {
  const memory = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} free`
  return `${quoteUntrusted(name)}, ${memory}, compute capability ${computeCapability}, ${bf16 ? 'bf16' : 'no bf16'}`
}

function checkExtra(probe: HostProbe, extra: Extra): HostCheck {
  const name = { vllm: 'vLLM', bitsandbytes: 'bitsandbytes' }[extra]
  const version = versionOf(probe, extra)
  if (version !== null) return { name, state: 'ok', found: version }
  const purpose = { vllm: 'the trainer generates with transformers, which is slower', bitsandbytes: 'no 4-bit weights (QLoRA)' }[extra]
  if (probe.survey.nvidiaDriver === null)
    return { name, state: 'missing', found: `not installed: ${purpose}`, fix: 'none without an NVIDIA card: it needs CUDA' }
  return { name, state: 'missing', found: `not installed: ${purpose}`, fix: setupCommand(probe.host, '--cuda', `--with ${extra}`) }
}

function checkDisk({ survey, folder }: HostProbe): HostCheck {
  const free = survey.freeDiskBytes
  if (free === null) return { name: 'disk', state: 'warning', found: 'free space could not be read', fix: `df -h ${folder}` }
  const found = `${gigabytes(free)} free for ${folder}`
  return free >= LITTLE_DISK_BYTES
    ? { name: 'disk', state: 'ok', found }
    : {
        name: 'disk',
        state: 'warning',
        found: `${found}; models and checkpoints need more`,
        fix: 'free some space there, or set HOLDFAST_CACHE there to a folder on another disk',
      }
}

function remake({ environment, host }: HostProbe): string {
  return !isFailure(environment) && environment.source === 'own'
    ? `mend ${environment.python}, or leave it out and ${setupCommand(host)}`
    : setupCommand(host, '--force')
}

function versionOf({ inside }: HostProbe, name: string): string | null {
  return inside?.packages[name] ?? null
}

function isFailure(value: object): value is HoldfastError {
  return 'summary' in value && 'fix' in value
}

function withoutRun(fix: string): string {
  return fix.replace(/^run: /, '')
}
