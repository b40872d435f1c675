/**
 * @file `holdfast doctor`: says what is there and what is missing, on this machine or on a host, with the command that mends it.
 */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openHost } from '../../host/open-host.ts'
import { checkHost, trainerDevice } from '../../python/check-host.ts'
import type { HostCheck } from '../../python/check-host.ts'
import type { HostProbe } from '../../python/probe.ts'
import { COULD_NOT_RUN } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

/** The flags of `doctor`, as commander gives them. */
export interface DoctorFlags {
  readonly host?: string
  readonly python?: string
}

/** Items without which the TRL trainer cannot run, in the order in which they are mended. */
const NEEDED_ITEMS = ['Python', 'environment', 'torch']

/** Looks at this machine or a host and prints one line per item; 0 when the TRL trainer can run there, else 3. */
export async function doctorCommand(flags: DoctorFlags, terminal: Terminal): Promise<ExitCode> {
  const { probeHost } = await import('../../python/probe.ts')
  const host = openHost(flags.host)
  try {
    const probe = await probeHost(host, { python: flags.python })
    const checks = [...(host.isLocal ? checkThisProcess() : []), ...checkHost(probe), ...(host.isLocal ? [checkSsh(probe)] : [])]
    terminal.out.write(`${doctorText(probe, checks)}\n`)
    return trainerDevice(probe) === null ? COULD_NOT_RUN : 0
  } finally {
    await host.close()
  }
}

/** The whole text: the machine, one line per item with a fix below where there is one, and what can run. */
export function doctorText(probe: HostProbe, checks: readonly HostCheck[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, state, found, fix }) => {
    const line = `${state.padEnd(8)} ${name.padEnd(width)}  ${found}`
    return fix === undefined ? [line] : [line, `${' '.repeat(9 + width)}  fix: ${fix}`]
  })
  return [machineLine(probe), ...lines, abilityLine(probe, checks)].join('\n')
}

function machineLine({ host, survey }: HostProbe): string {
  const { system, cores, memoryBytes } = survey
  const memory = memoryBytes === null ? null : `${(memoryBytes / 2 ** 30).toFixed(0)} GiB of memory`
  return [host.name, system, cores === null ? null : `${cores} cores`, memory].filter((part) => part !== null).join(', ')
}

function abilityLine(probe: HostProbe, checks: readonly HostCheck[]): string {
  const device = trainerDevice(probe)
  if (device === 'cuda') return `The TRL trainer can run on ${probe.host.name}, with CUDA.`
  if (device === 'cpu') return `The TRL trainer can run on ${probe.host.name}, on the CPU: for small models and for tests.`
  const first = checks.find(({ name, state }) => state === 'missing' && NEEDED_ITEMS.includes(name))
  return `The TRL trainer cannot run on ${probe.host.name} yet: begin with the fix of "${first?.name ?? 'environment'}".`
}

/** What the process itself needs: Node, and the embedded engine's runtime. Nothing of it is loaded. */
export function checkThisProcess(): readonly HostCheck[] {
  return [{ name: 'Node', state: 'ok', found: process.versions.node }, checkOnnxRuntime(), checkWebGpu()]
}

function checkOnnxRuntime(): HostCheck {
  const name = 'onnxruntime'
  const fix = 'npm ci'
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
    const bin = join(folder, 'bin', 'napi-v6', process.platform, process.arch)
    const platform = `${process.platform} ${process.arch}`
    if (existsSync(join(bin, 'onnxruntime_binding.node'))) return { name, state: 'ok', found: `CPU, for ${platform}` }
    return { name, state: 'missing', found: `it has no build for ${platform}`, fix: 'use --trainer trl, or another machine' }
  } catch {
    return { name, state: 'missing', found: 'the package is not installed', fix }
  }
}

/** Whether the WebGPU provider can find a driver: Metal and Direct3D 12 are part of their systems, Vulkan is looked for on disk. */
function checkWebGpu(): HostCheck {
  const name = 'WebGPU'
  if (process.platform === 'darwin') return { name, state: 'ok', found: 'Metal' }
  if (process.platform === 'win32') return { name, state: 'ok', found: 'Direct3D 12' }
  const drivers = vulkanDrivers()
  if (!hasVulkanLoader())
    return {
      name,
      state: 'missing',
      found: 'no Vulkan loader (libvulkan.so.1)',
      fix: `sudo apt install libvulkan1${drivers.length === 0 ? ' mesa-vulkan-drivers' : ''}`,
    }
  if (drivers.length === 0)
    return {
      name,
      state: 'missing',
      found: 'a Vulkan loader, but no driver',
      fix: 'sudo apt install mesa-vulkan-drivers, or the driver of your card',
    }
  return { name, state: 'ok', found: `Vulkan: ${drivers.join(', ')}` }
}

function hasVulkanLoader(): boolean {
  const multiarch = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as 'x64' | 'arm64'] ?? ''
  const folders = [...paths('LD_LIBRARY_PATH'), `/usr/lib/${multiarch}`, `/lib/${multiarch}`, '/usr/lib64', '/usr/lib', '/usr/local/lib']
  return folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')))
}

/** Names of the driver descriptions that a Vulkan loader would read. */
function vulkanDrivers(): readonly string[] {
  const named = [...paths('VK_DRIVER_FILES'), ...paths('VK_ICD_FILENAMES')].filter((path) => existsSync(path))
  const folders = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d']
  const found = named.length > 0 ? named : folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder))
  return found.filter((file) => file.endsWith('.json')).map((file) => file.slice(file.lastIndexOf('/') + 1, -'.json'.length))
}

function paths(variable: string): readonly string[] {
  return (process.env[variable] ?? '').split(':').filter((path) => path !== '')
}

function checkSsh({ survey }: HostProbe): HostCheck {
  const name = 'ssh'
  if (survey.ssh !== null) return { name, state: 'ok', found: survey.ssh }
  return { name, state: 'missing', found: 'no ssh client: --host cannot be used', fix: 'sudo apt install openssh-client' }
}
