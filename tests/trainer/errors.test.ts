import { describe, expect, it } from 'vitest'
import { AdapterAsBaseError, StopTokenMissingError, TrainerRefusedError } from '../../src/trainer/errors.ts'

describe('errors of trainers', () => {
  it('AdapterAsBaseError asks for the whole model', () => {
    expect(new AdapterAsBaseError({ reference: 'my-adapter' }).message).toMatchInlineSnapshot(`
      "BASE_IS_ADAPTER  The base "my-adapter" is an adapter; rounds start from a whole model
        where  my-adapter
        fix    name the model that the adapter was trained on, or merge the adapter into it first"
    `)
  })

  it('StopTokenMissingError names the files that should say it', () => {
    expect(new StopTokenMissingError({ directory: '/models/mine' }).message).toMatchInlineSnapshot(`
      "STOP_TOKEN_MISSING  The model names no token that ends an answer (eos_token_id)
        where  /models/mine
        fix    name it in generation_config.json or config.json"
    `)
  })

  it('TrainerRefusedError says what the trainer cannot do and offers another', () => {
    const error = new TrainerRefusedError({ where: 'round "01-first", arm "a"', reason: 'it does not know maskTruncated' })
    expect(error.message).toMatchInlineSnapshot(`
      "TRAINER_REFUSED  The training cannot be run: it does not know maskTruncated
        where  round "01-first", arm "a"
        fix    change the arm as the sentence says, or name another trainer with --trainer"
    `)
  })
})
