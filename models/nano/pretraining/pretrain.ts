/**
 * @file Script: pre-trains the bundled base model on Holdfast's own engine, full-parameter, with Muon. `npm run pretrain` remakes models/nano;
 * `-- --directory DIR` works elsewhere. Writes a checkpoint every few minutes and goes on from it when it is started again.
 * Recipe: short chats, loss weight 1 on answers and a tenth on prompts, warm-up, flat, then linear to zero over the last half.
 */
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { writeWholeFile } from '../../../src/base/whole-file.ts'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine, TokenSequence, WeightsId } from '../../../src/engine/engine.ts'
import { openTokenizer, type Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts'
import { corpus } from './corpus.ts'
import { writeInitialModel } from './initial-weights.ts'
import { CORPUS_SEED, MODEL_DIRECTORY, TRAINING } from './settings.ts'

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json']

interface Place {
  readonly model: URL
  readonly checkpoint: URL
  readonly log: URL
}

interface Batch {
  readonly sequences: readonly TokenSequence[]
  readonly gradients: readonly Float32Array[]
  /** Weight of each token in the loss, for the printed mean. */
  readonly answerTokens: number
}

/** Answers weigh 1, prompts a tenth; the weights of a batch sum to 1. */
function makeBatch(tokenizer: Tokenizer, step: number): Batch {
  const sequences: TokenSequence[] = []
  const answers: number[] = []
  let tokenCount = 0
  for (const example of corpus(CORPUS_SEED, step, 1_000_000)) {
    const prompt = tokenizer.renderChat(example.messages, { addGenerationPrompt: true }).ids
    const answer = tokenizer.encode(example.answer, { plainText: true })
    const ids = Int32Array.from([...prompt, ...answer, TRAINING.endId])
    if (tokenCount + ids.length > TRAINING.tokensPerStep) break
    tokenCount += ids.length
    sequences.push({ ids, promptLength: 1 })
    answers.push(answer.length + 1)
  }
  const weights = sequences.map(({ ids }, i) => {
    const row = new Float32Array(ids.length - 1).fill(TRAINING.promptWeight)
    return row.fill(1, row.length - (answers[i] ?? 0))
  })
  const total = weights.reduce((sum, row) => sum + row.reduce((inner, value) => inner + value, 0), 0)
  const gradients = weights.map((row) => row.map((value) => -value / total))
  return { sequences, gradients, answerTokens: answers.reduce((sum, count) => sum + count, 0) }
}

/** Mean negative log-likelihood of the answers in nats per token. */
function answerLoss(batch: Batch, logProb: readonly Float32Array[]): number {
  let sum = 0
  for (const [i, row] of logProb.entries()) {
    const weights = batch.gradients[i] as Float32Array
    const answer = Math.min(...weights)
    for (const [t, value] of row.entries()) if ((weights[t] as number) <= answer * 0.999) sum -= value
  }
  return sum / batch.answerTokens
}

function learningRate(step: number): number {
  const { peakRate, warmUpSteps, steps, decayShare } = TRAINING
  if (step <= warmUpSteps) return (peakRate * step) / warmUpSteps
  return peakRate * Math.min(1, (steps - step + 1) / (steps * decayShare))
}

async function train(
  engine: Engine,
  weights: WeightsId,
  work: { readonly place: Place; readonly from: number; readonly tokenizer: Tokenizer },
): Promise<void> {
  const { place, from, tokenizer } = work
  let started = performance.now()
  let tokens = 0
  let loss = 0
  let batch = makeBatch(tokenizer, from + 1)
  for (let step = from + 1; step <= TRAINING.steps; step++) {
    const current = batch
    const pending = engine.backward({ weights, sequences: current.sequences, gradients: { logProb: current.gradients } })
    if (step < TRAINING.steps) batch = makeBatch(tokenizer, step + 1)
    loss += answerLoss(current, (await pending).logProb)
    await engine.step(weights, { ...TRAINING.optimizer, learningRate: learningRate(step) })
    tokens += current.sequences.reduce((sum, { ids }) => sum + ids.length, 0)
    if (step % TRAINING.logEvery === 0) {
      const seconds = (performance.now() - started) / 1000
      const line = `step ${step} of ${TRAINING.steps}  answer loss ${(loss / TRAINING.logEvery).toFixed(3)} nats  ${Math.round(tokens / seconds)} tokens/s`
      process.stdout.write(`${line}\n`)
      appendFileSync(place.log, `${line}\n`)
      ;[started, tokens, loss] = [performance.now(), 0, 0]
    }
    if (step % TRAINING.checkpointEvery === 0) await saveCheckpoint(engine, weights, { place, step })
  }
  await engine.saveModel(weights, fileURLToPath(place.model))
}

/** Half-precision weights and full-precision moments: going on from a checkpoint is not bit for bit the same training. */
async function saveCheckpoint(engine: Engine, weights: WeightsId, at: { place: Place; step: number }): Promise<void> {
  const directory = fileURLToPath(at.place.checkpoint)
  await engine.saveModel(weights, directory)
  await engine.saveOptimizer(weights, `${directory}optimizer.safetensors`)
  writeWholeFile(`${directory}step.json`, `${at.step}\n`)
}

function placeOf(directory: string | undefined): Place {
  const model = directory === undefined ? MODEL_DIRECTORY : pathToFileURL(`${directory}/`)
  const working = new URL('../../.holdfast/pretraining/', MODEL_DIRECTORY)
  return { model, checkpoint: new URL('checkpoint/', working), log: new URL('log.txt', working) }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { directory: { type: 'string' }, restart: { type: 'boolean' } } })
  const place = placeOf(values.directory)
  if (values.restart === true) rmSync(place.checkpoint, { recursive: true, force: true })
  mkdirSync(place.checkpoint, { recursive: true })
  for (const name of TOKENIZER_FILES) {
    mkdirSync(place.model, { recursive: true })
    if (!existsSync(new URL(name, place.model))) copyFileSync(new URL(name, MODEL_DIRECTORY), new URL(name, place.model))
  }
  const tokenizer = openTokenizer(fileURLToPath(place.model))
  const stepFile = new URL('step.json', place.checkpoint)
  const from = existsSync(stepFile) ? Number(readFileSync(stepFile, 'utf8')) : 0
  if (from === 0) writeInitialModel(place.model, tokenizer.idCount)
  const engine = await openEngine(fileURLToPath(from === 0 ? place.model : place.checkpoint))
  const weights = await engine.createFull()
  if (from > 0) await engine.loadOptimizer(weights, `${fileURLToPath(place.checkpoint)}optimizer.safetensors`)
  await train(engine, weights, { place, from, tokenizer })
  await engine.close()
}

await main()
