import { embeddedDriver } from '../../../src/trainer/embedded/driver.ts'
import { createEmbeddedTrainer } from '../../../src/trainer/embedded/embedded-trainer.ts'
import { trainerContract } from '../../contracts/trainer.contract.ts'

trainerContract({
  name: 'createEmbeddedTrainer()',
  createTrainer: ({ engine, tokenizer }) => createEmbeddedTrainer({ engine, tokenizer }),
  driver: embeddedDriver,
  refused: {
    method: { name: 'dpo', steps: 4, batchSize: 2, optimizer: { learningRate: 0.001 } },
    reason: /no method "dpo": run it with --trainer trl/,
  },
})
