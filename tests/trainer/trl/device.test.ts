import { describe, expect, it } from 'vitest'
import { chooseTrlDevice } from '../../../src/trainer/trl/device.ts'
import type { TrlOptions } from '../../../src/trainer/trl/driver.ts'
import { cudaProbe, readyProbe } from '../../python/probe-of.ts'

const CARD = { name: 'Card', totalBytes: 24e9, freeBytes: 23e9, computeCapability: '8.9', bf16: true }
const twoCards = readyProbe({ cudaVersion: '13.0', devices: [CARD, { ...CARD, name: 'Other card' }] })

function refusal(probe: Parameters<typeof chooseTrlDevice>[0], options: TrlOptions): string {
  try {
    chooseTrlDevice(probe, options)
  } catch (error) {
    return (error as Error).message
  }
  return expect.fail('nothing was refused')
}

describe('chooseTrlDevice()', () => {
  it('computes in f32 on one CPU and lets the runner answer where there is no card', () => {
    expect(chooseTrlDevice(readyProbe(), {})).toEqual({
      kind: 'cpu',
      precision: 'f32',
      evaluation: 'runner',
      visible: [null],
      name: 'cpu',
    })
  })

  it('takes a card where there is one, in bf16 where it knows that, and vLLM where it is installed', () => {
    expect(chooseTrlDevice(cudaProbe(), {})).toEqual({
      kind: 'cuda',
      precision: 'bf16',
      evaluation: 'vllm',
      visible: ['0'],
      name: 'NVIDIA RTX 4090',
    })
    const old = readyProbe({ cudaVersion: '12.6', devices: [{ ...CARD, bf16: false }] })
    expect(chooseTrlDevice(old, {})).toMatchObject({ kind: 'cuda', precision: 'f32', evaluation: 'runner' })
  })

  it('takes what was asked for before what it would choose', () => {
    expect(chooseTrlDevice(cudaProbe(), { device: 'cpu' })).toMatchObject({ kind: 'cpu', precision: 'f32', evaluation: 'runner' })
    const asked = { precision: '4bit', evaluation: 'embedded' } as const
    expect(chooseTrlDevice(cudaProbe(), asked)).toMatchObject({ kind: 'cuda', ...asked })
  })

  it('makes a slot of every device that is named', () => {
    expect(chooseTrlDevice(twoCards, { devices: ['cuda:1', 'cuda:0'] })).toMatchObject({ visible: ['1', '0'], name: 'Other card' })
    expect(chooseTrlDevice(twoCards, { devices: ['cpu', 'cpu'] })).toMatchObject({ kind: 'cpu', visible: [null, null], name: 'cpu' })
  })

  it('says which device is missing and which do not belong together', () => {
    expect(refusal(twoCards, { devices: ['cuda:0', 'cuda:2'] })).toMatchInlineSnapshot(`
      "TRAINER_DEVICE  The trainer cannot run as asked: there is no cuda:2, only 2 cuda device(s)
        where  this machine
        fix    name the devices that \`holdfast doctor\` lists"
    `)
    expect(refusal(twoCards, { devices: ['cuda:0', 'cpu'] })).toMatchInlineSnapshot(`
      "TRAINER_DEVICE  The trainer cannot run as asked: devices cuda:0, cpu do not fit device "cuda"
        where  this machine
        fix    name cuda devices only"
    `)
  })

  it('tells a CPU build of torch from a driver without a card', () => {
    expect(refusal(readyProbe(), { device: 'cuda' })).toMatchInlineSnapshot(`
      "TRAINER_DEVICE  The trainer cannot run as asked: the installed torch is a CPU build
        where  this machine
        fix    run \`npx holdfast doctor\`, or use device 'cpu'"
    `)
    expect(refusal(readyProbe({ cudaVersion: '13.0' }), { device: 'cuda' })).toContain('torch sees no cuda device')
  })

  it.each<[string, TrlOptions, string]>([
    ['4-bit weights', { precision: '4bit' }, '4-bit weights need cuda'],
    ['sampling with vLLM', { vllm: true }, 'sampling with vLLM needs cuda'],
    ['evaluation with vLLM', { evaluation: 'vllm' }, 'evaluation with vLLM needs cuda'],
  ])('refuses %s on the CPU', (_, options, reason) => {
    expect(refusal(readyProbe(), options)).toContain(`TRAINER_DEVICE  The trainer cannot run as asked: ${reason}`)
  })

  it('refuses evaluation with a vLLM that is not installed, with the command that installs it', () => {
    expect(refusal(twoCards, { evaluation: 'vllm' })).toMatchInlineSnapshot(`
      "TRAINER_DEVICE  The trainer cannot run as asked: vLLM is not installed
        where  this machine
        fix    run \`npx holdfast trainer setup --with vllm\`, or use evaluation 'runner'"
    `)
  })
})
