import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { checkThisProcess, doctorText } from '../../src/cli/commands/doctor.ts'
import { checkHost } from '../../src/python/check-host.ts'
import { temporaryFolder } from '../python/local-host-with.ts'
import { bareProbe, cudaProbe, readyProbe } from '../python/probe-of.ts'

const folder = temporaryFolder()
afterEach(() => {
  vi.unstubAllEnvs()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('doctorText() shows a machine that is ready on the CPU', () => {
  const probe = readyProbe()
  expect(doctorText(probe, checkHost(probe))).toMatchInlineSnapshot(`
    "this machine, Linux x86_64, 2 cores, 24 GiB of memory
    ok       Python        3.12.9 at /usr/bin/python3.12, no uv, pip is used
    ok       environment   set up for cpu, /home/ada/.cache/holdfast/trainer/0a1b/venv/bin/python
    ok       torch         2.13.0+cpu, for the CPU; trl 1.16.0
    missing  CUDA          nvidia-smi does not answer
                           fix: only with an NVIDIA card: sudo apt install nvidia-driver (Ubuntu: sudo ubuntu-drivers install)
    missing  vLLM          not installed: the trainer generates with transformers, which is slower
                           fix: none without an NVIDIA card: it needs CUDA
    missing  bitsandbytes  not installed: no 4-bit weights (QLoRA)
                           fix: none without an NVIDIA card: it needs CUDA
    ok       disk          80.7 GB free for /home/ada/.cache/holdfast/trainer
    The TRL trainer can run on this machine, on the CPU: for small models and for tests."
  `)
})

it('doctorText() shows a host with a card', () => {
  const probe = cudaProbe()
  expect(doctorText(probe, checkHost(probe))).toMatchInlineSnapshot(`
    "ada@gpu1, Linux x86_64, 2 cores, 24 GiB of memory
    ok       Python        3.12.9 at /usr/bin/python3.12, no uv, pip is used
    ok       environment   set up for cuda, /home/ada/venv/bin/python
    ok       torch         2.13.0, for CUDA 13.0; trl 1.16.0
    ok       CUDA 0        "NVIDIA RTX 4090", 24.9 GB of 25.4 GB free, compute capability 8.9, bf16
    ok       vLLM          0.30.0
    ok       bitsandbytes  0.50.2
    ok       disk          80.7 GB free for /home/ada/.cache/holdfast/trainer
    The TRL trainer can run on ada@gpu1, with CUDA."
  `)
})

it('doctorText() says with which fix to begin on a machine where nothing is set up', () => {
  const probe = bareProbe()
  expect(doctorText(probe, checkHost(probe)).split('\n').at(-1)).toBe(
    'The TRL trainer cannot run on this machine yet: begin with the fix of "environment".',
  )
})

it('checkThisProcess() finds Node and the runtime of the embedded engine', () => {
  const [node, runtime, webGpu] = checkThisProcess()
  expect(node).toEqual({ name: 'Node', state: 'ok', found: process.versions.node })
  expect(runtime).toEqual({ name: 'onnxruntime', state: 'ok', found: `CPU, for ${process.platform} ${process.arch}` })
  expect(webGpu?.name).toBe('WebGPU')
})

it.runIf(process.platform === 'linux')(
  'checkThisProcess() finds the Vulkan driver that the environment names, when its file is there',
  () => {
    const driver = join(folder, 'lavapipe.json')
    for (const file of [driver, join(folder, 'libvulkan.so.1')]) writeFileSync(file, '')
    vi.stubEnv('LD_LIBRARY_PATH', folder)
    vi.stubEnv('VK_DRIVER_FILES', driver)
    vi.stubEnv('VK_ICD_FILENAMES', join(folder, 'gone.json'))
    expect(checkThisProcess()[2]).toEqual({ name: 'WebGPU', state: 'ok', found: 'Vulkan: lavapipe' })
  },
)
