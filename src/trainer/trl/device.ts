/**
 * @file Chooses device, precision and server of a trl trainer from what its machine has. Pure.
 */
import { setupCommand } from '../../python/errors.ts'
import type { HostProbe } from '../../python/probe.ts'
import type { Extra } from '../../python/requirements.ts'
import type { TrlOptions } from './driver.ts'
import type { RunnerSpec } from './protocol.ts'
import { TrainerDeviceError } from '../errors.ts'

/** What a trl trainer computes with. */
export interface TrlDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: RunnerSpec['device']['precision']
  readonly evaluation: 'runner' | 'vllm' | 'embedded'
  /** One for each slot: what its CUDA_VISIBLE_DEVICES is, or null where nothing is hidden. */
  readonly visible: readonly (string | null)[]
  /** For records: the name of the first cuda device, or "cpu". */
  readonly name: string
}

type Refuse = (what: string, fix: string) => never

/**
 * `visible` is what CUDA_VISIBLE_DEVICES is on the machine already: torch counts only what it names.
 * @throws TrainerDeviceError when the machine lacks what was asked for
 */
export function chooseTrlDevice(probe: HostProbe, options: TrlOptions, visible = ''): TrlDevice {
  const cuda = probe.inside?.torch?.devices ?? []
  const refuse: Refuse = (what, fix) => {
    throw new TrainerDeviceError({ host: probe.host.name, what, fix })
  }
  const kind = chooseKind(probe, options)
  const numbers = chooseNumbers({ kind, count: cuda.length }, options, refuse)
  const precision = options.precision ?? 'auto'
  checkPackages(probe, { kind, options }, refuse)
  const names = visible.split(',').map((name) => name.trim())
  const hasVllm = hasPackage(probe, 'vllm')
  const evaluation = options.evaluation ?? 'auto'
  return {
    kind,
    precision: precision !== 'auto' ? precision : kind === 'cuda' && cuda[numbers[0] ?? 0]?.bf16 === true ? 'bf16' : 'f32',
    evaluation: evaluation !== 'auto' ? evaluation : kind === 'cuda' && hasVllm ? 'vllm' : 'runner',
    visible: numbers.map((number) => (number === null ? null : (names[number] ?? '') || String(number))),
    name: kind === 'cpu' ? 'cpu' : (cuda[numbers[0] ?? 0]?.name ?? 'cuda'),
  }
}

function chooseKind(probe: HostProbe, { device = 'auto', devices }: TrlOptions): 'cpu' | 'cuda' {
  const torch = probe.inside?.torch
  const count = torch?.devices.length ?? 0
  const named = devices?.[0]
  if (device === 'auto') return named === undefined ? (count > 0 ? 'cuda' : 'cpu') : named === 'cpu' ? 'cpu' : 'cuda'
  if (device === 'cpu' || count > 0) return device
  const why = torch?.cudaVersion === null ? 'the installed torch is a CPU build' : 'torch sees no cuda device'
  const doctor = `npx holdfast doctor${probe.host.isLocal ? '' : ` --host ssh://${probe.host.name}`}`
  throw new TrainerDeviceError({ host: probe.host.name, what: why, fix: `run \`${doctor}\`, or use device 'cpu'` })
}

/** The cuda device of each slot as torch counts them; null for the CPU, and where accelerate's launcher takes the devices that its file names. */
function chooseNumbers(
  machine: { readonly kind: 'cpu' | 'cuda'; readonly count: number },
  { devices, accelerate }: TrlOptions,
  refuse: Refuse,
): readonly (number | null)[] {
  const { kind, count } = machine
  if (devices === undefined) return [kind === 'cpu' || accelerate !== undefined ? null : 0]
  if (accelerate !== undefined)
    return refuse('accelerate’s file and devices both say which devices there are', 'leave out one of accelerate and devices')
  const numbers = devices.map((device) => (device === 'cpu' ? null : Number(device.slice('cuda:'.length))))
  if (numbers.some((number) => (number === null) !== (kind === 'cpu')))
    return refuse(`devices ${devices.join(', ')} do not fit device "${kind}"`, `name ${kind} devices only`)
  const missing = numbers.find((number) => number !== null && number >= count)
  if (missing !== undefined)
    return refuse(`there is no cuda:${missing}, only ${count} cuda device(s)`, 'name the devices that `holdfast doctor` lists')
  if (kind === 'cuda' && new Set(numbers).size < numbers.length)
    return refuse(`devices ${devices.join(', ')} name one card twice, which holds one training at a time`, 'name each device once')
  return numbers
}

function checkPackages(
  probe: HostProbe,
  { kind, options }: { readonly kind: 'cpu' | 'cuda'; readonly options: TrlOptions },
  refuse: Refuse,
): void {
  const setUp = (extra: Extra, otherwise: string): string => `run \`${setupCommand(probe.host, '--with', extra)}\`, or ${otherwise}`
  if (options.precision === '4bit') {
    if (kind === 'cpu') refuse('4-bit weights need cuda', "use precision 'f32' on the CPU")
    if (!hasPackage(probe, 'bitsandbytes')) refuse('4-bit weights need bitsandbytes', setUp('bitsandbytes', "use precision 'bf16'"))
  }
  if (options.vllm === true) {
    if (kind === 'cpu') refuse('sampling with vLLM needs cuda', 'leave vllm out')
    if (!hasPackage(probe, 'vllm')) refuse('sampling with vLLM needs vLLM, which is not installed', setUp('vllm', 'leave vllm out'))
  }
  if (options.evaluation === 'vllm') {
    if (kind === 'cpu') refuse('evaluation with vLLM needs cuda', "use evaluation 'runner'")
    if (!hasPackage(probe, 'vllm')) refuse('vLLM is not installed', setUp('vllm', "use evaluation 'runner'"))
  }
}

function hasPackage(probe: HostProbe, name: string): boolean {
  return (probe.inside?.packages[name] ?? null) !== null
}
