import { expect, test } from 'vitest'
import { serveEnvironment, serveSpec, vllmCommand, vllmEnvironment } from '../../../src/model/server/server-launch.ts'
import type { VllmLaunch } from '../../../src/model/server/server-launch.ts'
import { serveSpecSchema } from '../../../src/trainer/trl/protocol.ts'

const LAUNCH: VllmLaunch = {
  kind: 'vllm',
  python: '/envs/trainer/bin/python',
  base: { path: 'org/model', revision: 'abc' },
  name: 'base',
  stopIds: [2],
  maxLoraRank: 12,
  maxLoras: 4,
  precision: 'bf16',
  seed: 7,
  memoryShare: 0.85,
  maxTokens: 2048,
}

test('vllmCommand() starts vLLM attached, on loopback, for adapters, and draws by nobody’s defaults', () => {
  expect(vllmCommand(LAUNCH, 40123).join(' ')).toBe(
    '/envs/trainer/bin/python -m holdfast_runner.serving_attached /envs/trainer/bin/vllm serve org/model --revision abc ' +
      '--served-model-name base --host 127.0.0.1 --port 40123 --enable-lora --max-lora-rank 16 --max-loras 4 --dtype bfloat16 ' +
      '--seed 7 --gpu-memory-utilization 0.85 --max-model-len 2048 --generation-config vllm --logprobs-mode raw_logprobs',
  )
})

test('vllmCommand() loads weights as the trainer does', () => {
  const of = (precision: VllmLaunch['precision']): string => vllmCommand({ ...LAUNCH, precision }, 1).join(' ')
  expect(of('f32')).toContain('--dtype float32')
  expect(of('4bit')).toContain('--dtype bfloat16 --quantization bitsandbytes')
  expect(of('f32')).not.toContain('--quantization')
})

test('vllmCommand() leaves out what is not set', () => {
  const command = vllmCommand({ ...LAUNCH, base: { path: '/models/base', revision: null }, maxTokens: null }, 1)
  expect(command).not.toContain('--revision')
  expect(command).not.toContain('--max-model-len')
})

test('vllmEnvironment() carries the token, which arguments would show to everybody', () => {
  expect(vllmEnvironment('secret')).toEqual({ VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True', VLLM_API_KEY: 'secret', VLLM_NO_USAGE_STATS: '1' })
  expect(vllmCommand(LAUNCH, 1).join(' ')).not.toContain('secret')
})

test('serveEnvironment() carries the token, which a file would keep', () => {
  expect(serveEnvironment('secret')).toEqual({ HOLDFAST_SERVE_TOKEN: 'secret' })
})

test('serveSpec() is what the runner expects', () => {
  const device = { kind: 'cpu', threads: 1, precision: 'f32', gradientCheckpointing: false, microBatchSize: null, vllm: false }
  const launch = {
    kind: 'runner',
    command: ['python'],
    base: { path: '/b', revision: null },
    name: 'base',
    stopIds: [2],
    padId: 0,
    device,
  } as const
  const spec = serveSpecSchema.parse(JSON.parse(serveSpec(launch, '/a.json')))
  expect(spec).toEqual({
    schemaVersion: 1,
    base: launch.base,
    name: 'base',
    stopIds: [2],
    padId: 0,
    device,
    addressFile: '/a.json',
  })
})
