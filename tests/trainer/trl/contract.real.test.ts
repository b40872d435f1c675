import { trlDriver } from '../../../src/trainer/trl/driver.ts'
import { describe } from 'vitest'
import { trainerContract } from '../../contracts/trainer.contract.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { openLocalTrlTrainer } from './local-trl-trainer.ts'

const python = await findTrainerPython()
let end: () => Promise<void> = () => Promise.resolve()

describe.skipIf(python === null)('the runner on this machine', () => {
  trainerContract({
    name: 'createTrlTrainer()',
    createTrainer: ({ directory, engine, tokenizer }) => {
      const { trainer, close } = openLocalTrlTrainer(python as string, { directory, model: engine.model, tokenizer })
      end = close
      return trainer
    },
    close: () => end(),
    driver: trlDriver,
    refused: {
      method: { name: 'sft', steps: 4, batchSize: 2, optimizer: { name: 'muon', learningRate: 0.001 } },
      reason: /no optimizer "muon".*use adamw, or run it with --trainer embedded/,
    },
  })
})
