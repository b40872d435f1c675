import { afterAll, describe, expect, it } from 'vitest'
import { type Training, createTraining } from '../../../src/engine/training/training.ts'
import { TEMPERATURE, VARIANTS, expectClose, openFixture } from './fixture.ts'

const opened: Training[] = []
afterAll(() => Promise.all(opened.map((training) => training.release())))

function open(variant: string) {
  const fixture = openFixture(variant)
  const training = createTraining(fixture.model)
  opened.push(training)
  return { ...fixture, training, call: { sequences: fixture.sequences, gradients: fixture.weights, temperature: TEMPERATURE } }
}

describe.each(VARIANTS)('%s', (variant) => {
  it('backward() gives the log-probabilities and every gradient of full-parameter training that PyTorch gives', async () => {
    const { training, call, full, expected, weights } = open(variant)
    const set = full()
    const logProb = await training.backward({ ...call, weights: set })
    logProb.forEach((found, i) =>
      expectClose(
        found,
        expected(`logProb.${i}`).map((value, t) => (weights[i]?.[t] === 0 ? 0 : value)),
      ),
    )
    expect([...set.gradients.keys()]).toEqual([...set.tensors.keys()])
    for (const [name, gradient] of set.gradients) expectClose(gradient, expected(`gradient.${name}`))
  })

  it('backward() gives every gradient of LoRA training that PyTorch and PEFT give', async () => {
    const { training, call, lora, expected, weights } = open(variant)
    const set = lora()
    const logProb = await training.backward({ ...call, weights: set })
    logProb.forEach((found, i) =>
      expectClose(
        found,
        expected(`lora.logProb.${i}`).map((value, t) => (weights[i]?.[t] === 0 ? 0 : value)),
      ),
    )
    for (const [name, gradient] of set.gradients) expectClose(gradient, expected(`lora.gradient.${name}`))
  })

  it('score() gives log-probabilities, entropies and divergences from the base that PyTorch gives', async () => {
    const { training, sequences, lora, expected } = open(variant)
    const base = await training.score({
      weights: null,
      reference: null,
      sequences,
      outputs: ['logProb', 'entropy'],
      temperature: TEMPERATURE,
    })
    base.logProb?.forEach((found, i) => expectClose(found, expected(`logProb.${i}`)))
    base.entropy?.forEach((found, i) => expectClose(found, expected(`entropy.${i}`)))
    const tuned = await training.score({
      weights: lora(),
      reference: null,
      sequences,
      outputs: ['logProb', 'klFrom'],
      temperature: TEMPERATURE,
    })
    tuned.logProb?.forEach((found, i) => expectClose(found, expected(`lora.logProb.${i}`)))
    tuned.klFrom?.forEach((found, i) => expectClose(found, expected(`lora.klFrom.${i}`)))
  })
})

describe('llama-tied', () => {
  it('backward() adds up over calls and over sequences', async () => {
    const { training, call, lora } = open('llama-tied')
    const [whole, parts] = [lora(), lora()]
    await training.backward({ ...call, weights: whole })
    for (const i of [2, 0, 1]) {
      const [sequence, gradient] = [call.sequences[i], call.gradients[i]]
      if (sequence && gradient)
        await training.backward({ weights: parts, sequences: [sequence], gradients: [gradient], temperature: TEMPERATURE })
    }
    for (const [name, gradient] of whole.gradients) expectClose(parts.gradients.get(name) as Float32Array, gradient, 1e-5)
  })

  it('backward() and score() give for sequences that share a prompt what they give for each alone', async () => {
    const { training, full } = open('llama-tied')
    const prompt = [3, 9, 4, 40, 17, 21, 8, 30, 2, 11, 5]
    const sequences = [[7, 12, 1], [20], [7, 33, 28, 6]].map((rest) => ({
      ids: Int32Array.of(...prompt, ...rest),
      promptLength: prompt.length,
    }))
    const gradients = [Float32Array.of(0.5, -1, 0.25), Float32Array.of(-0.75), Float32Array.of(1, 0, -0.5, 2)]
    const [whole, parts] = [full(), full()]
    const together = await training.backward({ weights: whole, sequences, gradients, temperature: TEMPERATURE })
    const scored = await training.score({ weights: null, reference: null, sequences, outputs: ['logProb'], temperature: TEMPERATURE })
    for (const [i, sequence] of sequences.entries()) {
      const call = { weights: parts, sequences: [sequence], gradients: [gradients[i] as Float32Array], temperature: TEMPERATURE }
      expectClose(together[i] as Float32Array, (await training.backward(call))[0] as Float32Array, 1e-5)
      const alone = await training.score({
        weights: null,
        reference: null,
        sequences: [sequence],
        outputs: ['logProb'],
        temperature: TEMPERATURE,
      })
      expectClose(scored.logProb?.[i] as Float32Array, alone.logProb?.[0] as Float32Array, 1e-5)
    }
    for (const [name, gradient] of whole.gradients) expectClose(parts.gradients.get(name) as Float32Array, gradient, 1e-5)
  })

  it('backward() gives the same bits again', async () => {
    const { training, call, full } = open('llama-tied')
    const [first, second] = [full(), full()]
    await training.backward({ ...call, weights: first })
    await training.backward({ ...call, weights: second })
    for (const [name, gradient] of first.gradients) expect(second.gradients.get(name)).toEqual(gradient)
  })

  it('score() compares a full copy with the base', async () => {
    const { training, sequences, full } = open('llama-tied')
    const set = full()
    const same = await training.score({ weights: set, reference: null, sequences, outputs: ['klFrom'], temperature: 1 })
    for (const values of same.klFrom ?? []) for (const value of values) expect(Math.abs(value)).toBeLessThan(1e-5)
    set.tensors.get('model.embed_tokens.weight')?.data.forEach((value, i, data) => (data[i] = value * 1.5))
    const changed = await training.score({ weights: set, reference: null, sequences, outputs: ['klFrom'], temperature: 1 })
    for (const values of changed.klFrom ?? []) for (const value of values) expect(value).toBeGreaterThan(1e-3)
  })

  it.each(['lora', 'full'] as const)('step() brings the loss of one text down under AdamW (%s)', async (kind) => {
    const { training, call, ...fixture } = open('llama-tied')
    const set = fixture[kind]()
    const gradients = call.gradients.map((weights) => weights.map(() => -1 / 28))
    const losses: number[] = []
    for (let i = 0; i < 60; i++) {
      const logProb = await training.backward({ ...call, temperature: 1, gradients, weights: set })
      losses.push(-logProb.flatMap((values) => [...values]).reduce((sum, value) => sum + value, 0) / 28)
      await training.step(set, {
        optimizer: 'adamw',
        learningRate: 0.02,
        beta1: 0.9,
        beta2: 0.99,
        epsilon: 1e-8,
        weightDecay: 0,
        maxGradientNorm: 1,
      })
    }
    expect(losses[0]).toBeGreaterThan(3)
    expect(losses.at(-1)).toBeLessThan(0.3)
  })
})
