/**
 * @file Chooses device, precision and server of a trl trainer from what its machine has. Pure.
 */
import type { HostProbe } from '../../python/probe.ts'
import type { TrlOptions } from '../../suite/trainer-options.ts'
import type { RunnerSpec } from '../../trainer/trl/protocol.ts'
import { TrainerDeviceError } from '../errors.ts'

/** What a trl trainer computes with. */
export interface TrlDevice {
  readonly kind: 'cpu' | 'cuda'
  readonly precision: RunnerSpec['device']['precision']
  readonly evaluation: 'runner' | 'vllm' | 'embedded'
  /** One for each place: a cuda device's number, or null on the CPU. */
  readonly places: readonly (string | null)[]
  /** For records: the name of the first cuda device, or "cpu". */
  readonly name: string
}

/** @throws TrainerDeviceError when the machine lacks what was asked for */
export function chooseTrlDevice(probe: HostProbe, options: TrlOptions): TrlDevice {
  const cuda = probe.inside?.torch?.devices ?? []
  const kind = chooseKind(probe, options)
  const refuse = (what: string, fix: string): never => {
    throw new TrainerDeviceError(probe.host.name, what, fix)
  }
  const wanted = options.devices ?? [kind === 'cuda' ? 'cuda:0' : 'cpu']
  const numbers = wanted.map((device) => (device === 'cpu' ? null : device.slice('cuda:'.length)))
  const odd = numbers.find((number) => (number === null) !== (kind === 'cpu'))
  if (odd !== undefined) refuse(`devices ${wanted.join(', ')} do not fit device "${kind}"`, `name ${kind} devices only`)
  const missing = numbers.find((number) => number !== null && Number(number) >= cuda.length)
  if (missing !== undefined)
    refuse(`there is no cuda:${missing}, only ${cuda.length} cuda device(s)`, 'name the devices that `holdfast doctor` lists')
  const asked = options.precision ?? 'auto'
  if (asked === '4bit' && kind === 'cpu') refuse('4-bit weights need cuda', "use precision 'f32' on the CPU")
  if (options.vllm === true && kind === 'cpu') refuse('sampling with vLLM needs cuda', 'leave vllm out')
  const hasVllm = (probe.inside?.packages['vllm'] ?? null) !== null
  if (options.evaluation === 'vllm' && !(kind === 'cuda' && hasVllm)) {
    refuse(
      kind === 'cpu' ? 'evaluation with vLLM needs cuda' : 'vLLM is not installed',
      "run `npx holdfast trainer setup --with vllm`, or use evaluation 'runner'",
    )
  }
  const evaluation = options.evaluation ?? 'auto'
  return {
    kind,
    precision: asked !== 'auto' ? asked : kind === 'cuda' && cuda[0]?.bf16 === true ? 'bf16' : 'f32',
    evaluation: evaluation !== 'auto' ? evaluation : kind === 'cuda' && hasVllm ? 'vllm' : 'runner',
    places: numbers,
    name: kind === 'cpu' ? 'cpu' : (cuda[Number(numbers[0] ?? 0)]?.name ?? 'cuda'),
  }
}

function chooseKind(probe: HostProbe, { device = 'auto', devices }: TrlOptions): 'cpu' | 'cuda' {
  const torch = probe.inside?.torch
  const count = torch?.devices.length ?? 0
  const named = devices?.[0]
  if (device === 'auto') return named === undefined ? (count > 0 ? 'cuda' : 'cpu') : named === 'cpu' ? 'cpu' : 'cuda'
  if (device === 'cpu' || count > 0) return device
  const why = torch?.cudaVersion === null ? 'the installed torch is a CPU build' : 'torch sees no cuda device'
  throw new TrainerDeviceError(probe.host.name, why, "run `npx holdfast doctor` there, or use device 'cpu'")
}
