/**
 * @file `python -m holdfast_runner check`: specs and TRL options judged without a model.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { findTrainerPython } from '../trainer-python.ts'
import { stage, startRunner, Trainings } from './runner-fixture.ts'

const python = await findTrainerPython()
const ORDER = [0, 1, 2, 3, 4, 0, 1, 2]
const ONLINE = { promptsPerStep: 2, samplesPerPrompt: 4 }

describe.skipIf(python === null)('the runner’s check', () => {
  const trainings = new Trainings()
  afterAll(() => trainings.remove())

  test('check() tells unknown options by their nearest name, options that Holdfast decides, and what TRL refuses', async () => {
    const write = (name: string, trl: Record<string, unknown>, method = 'grpo') =>
      trainings.write(name, [stage(method, { ...ONLINE, trl }, ORDER)])
    const { code, stdout } = await startRunner(python ?? '', 'check', [
      write('right', { top_entropy_quantile: 0.5, entropy_coef: 0.01 }),
      write('typo', { top_entropy_quantil: 0.5 }),
      write('strange', { xyzzy: 1 }),
      write('owned', { learning_rate: 1 }),
      write('set', { num_generations: 2 }, 'rloo'),
      write('of-another', { top_entropy_quantile: 0.5 }, 'rloo'),
      write('refused', { vllm_importance_sampling_mode: 'token_truncate', vllm_importance_sampling_clip_max: null }),
    ]).ended
    expect(code).toBe(1)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      null,
      { code: 'TRL_OPTION_UNKNOWN', summary: "GRPOConfig has no option 'top_entropy_quantil'", fix: "use 'top_entropy_quantile'" },
      { code: 'TRL_OPTION_UNKNOWN', summary: "GRPOConfig has no option 'xyzzy'", fix: 'see the fields of trl.GRPOConfig' },
      owned('learning_rate', 'GRPOConfig'),
      owned('num_generations', 'RLOOConfig'),
      expect.objectContaining({ code: 'TRL_OPTION_UNKNOWN', summary: "RLOOConfig has no option 'top_entropy_quantile'" }),
      {
        code: 'TRL_OPTION_REFUSED',
        summary: expect.stringContaining('vllm_importance_sampling_clip_max') as unknown,
        fix: "change the method's settings or trl options",
      },
    ])
  })
})

function owned(name: string, config: string): Record<string, string> {
  return {
    code: 'TRL_OPTION_OWNED',
    summary: `Holdfast decides '${name}' of ${config} itself`,
    fix: "remove it from trl and use the method's own settings, which both trainers understand",
  }
}
