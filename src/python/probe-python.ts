/**
 * @file Asks one Python program what it is and what it holds, by running scripts/probe.py in it.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Host } from '../host/host.ts'
import { TrainerProbeError, TrainerPythonUnusableError, onHost } from './errors.ts'

const deviceSchema = z.object({
  name: z.string(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  computeCapability: z.string(),
  bf16: z.boolean(),
})

const torchSchema = z.object({
  /** Why torch could not be imported, or its devices not be asked. */
  error: z.string().nullable(),
  /** The CUDA version that torch was built for; null for a CPU build. */
  cudaVersion: z.string().nullable(),
  devices: z.array(deviceSchema),
})

const answerSchema = z.object({
  python: z.string(),
  executable: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  torch: torchSchema.nullable(),
})

/** A CUDA device as torch sees it. `bf16`: computes in bf16 itself. */
export type CudaDevice = Readonly<z.infer<typeof deviceSchema>>

/** What an imported torch said. */
export type TorchProbe = Readonly<z.infer<typeof torchSchema>>

/** What a Python program said; `packages` has null for what is not installed, `torch` is null unless asked for and installed. */
export type PythonProbe = Readonly<z.infer<typeof answerSchema>>

/** What to ask for. With `torch` it is imported, which takes seconds. */
export interface PythonQuestion {
  readonly packages: readonly string[]
  readonly torch: boolean
}

const MARK = 'HOLDFAST_PROBE '

/** Asks a Python program on a host. @throws TrainerPythonUnusableError, TrainerProbeError */
export async function askPython(host: Host, python: string, question: PythonQuestion): Promise<PythonProbe> {
  const script = readFileSync(new URL('./scripts/probe.py', import.meta.url), 'utf8')
  const words = [python, '-c', script, question.torch ? 'torch' : 'no-torch', ...question.packages]
  // Through a shell, so that a program that is not there ends with 127 on every kind of host.
  const { code, stdout, stderr } = await host.run(['sh', '-c', 'exec "$0" "$@"', ...words])
  if (code !== 0) throw new TrainerPythonUnusableError({ ...onHost(host), python, output: stderr || stdout })
  const line = stdout.split('\n').findLast((text) => text.startsWith(MARK))
  const answer = answerSchema.safeParse(parse(line?.slice(MARK.length) ?? ''))
  if (!answer.success) throw new TrainerProbeError({ ...onHost(host), what: python, output: stdout + stderr })
  return answer.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
