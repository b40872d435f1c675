import { expect, it } from 'vitest'
import { TrlOptionsUncheckedError } from '../../../src/trainer/trl/errors.ts'

it('TrlOptionsUncheckedError shows the last words of the runner as text that can steer no terminal', () => {
  const output = `ImportError: \u001B[2J"torch" ${'x'.repeat(400)}`
  const [summary, ...rest] = new TrlOptionsUncheckedError({ output }).message.split('\n')
  expect(summary).toMatch(
    /^TRL_OPTIONS_UNCHECKED {2}The runner could not check the options for TRL; it ended with "ImportError:  \[2J\\"torch\\" x+/,
  )
  expect(summary?.length).toBeLessThan(420)
  expect(rest).toEqual(['  where  trl({ options })', '  fix    run `npx holdfast doctor` and mend what it names'])
})
