import { expect, it } from 'vitest'
import { runHere } from './recorded-terminal.ts'

it('runCommandLine() ends 3 with usage in three lines when a command is unknown', async () => {
  const result = await runHere('rnu')
  expect(result).toMatchInlineSnapshot(`
    {
      "code": 3,
      "error": "CLI_USAGE  Unknown command 'rnu' (Did you mean run?)
      where  holdfast
      fix    run "holdfast --help" for options and examples
    ",
      "out": "",
    }
  `)
})

it('runCommandLine() ends 3 when a required option is missing', async () => {
  expect(await runHere('eval', 'refill')).toMatchInlineSnapshot(`
    {
      "code": 3,
      "error": "CLI_USAGE  Required option '--model <model>' not specified
      where  holdfast eval
      fix    run "holdfast eval --help" for options and examples
    ",
      "out": "",
    }
  `)
})

it('runCommandLine() ends 3 when a flag has no sensible value', async () => {
  const { code, error } = await runHere('run', 'clinic', '--threads', '0')
  expect([code, error]).toMatchInlineSnapshot(`
    [
      3,
      "CLI_USAGE  Option '--threads <n>' argument '0' is invalid. expected a whole number, 1 or more
      where  holdfast run
      fix    run "holdfast run --help" for options and examples
    ",
    ]
  `)
})

it('runCommandLine() shows help and ends 3 without a command', async () => {
  const { code, out, error } = await runHere()
  expect([code, out]).toEqual([3, ''])
  expect(error).toMatch(/^Usage: holdfast \[options\] \[command\]\n/)
})

it.each(['new', 'eval', 'run', 'gate', 'report'])('runCommandLine() ends 0 and shows examples for %s --help', async (command) => {
  const { code, out, error } = await runHere(...(command === 'new' ? ['new', 'eval'] : [command]), '--help')
  expect([code, error]).toEqual([0, ''])
  expect(out).toContain(`Examples:\n  npx holdfast ${command}`)
})

it('runCommandLine() says that no run is there, and where it looked', async () => {
  expect(await runHere('report', 'no-such-run')).toMatchInlineSnapshot(`
    {
      "code": 3,
      "error": "CLI_RUN_NOT_FOUND  No run directory (one with a plan.json) was found for "no-such-run"
      where  no-such-run, reports/no-such-run
      fix    name a directory under reports/, as the run printed it when it started
    ",
      "out": "",
    }
  `)
})

it('runCommandLine() says that no suite file is there, and where it looked', async () => {
  expect(await runHere('run', 'no-such-suite')).toMatchInlineSnapshot(`
    {
      "code": 3,
      "error": "CLI_FILE_NOT_FOUND  No suite file was found for "no-such-suite"
      where  no-such-suite, suites/no-such-suite.suite.ts
      fix    name an existing suite file
    ",
      "out": "",
    }
  `)
})

it('runCommandLine() says how to make an eval that is not there', async () => {
  expect(await runHere('eval', 'no-such-eval', '--model', 'models/nano')).toMatchInlineSnapshot(`
    {
      "code": 3,
      "error": "CLI_FILE_NOT_FOUND  No eval file was found for "no-such-eval"
      where  no-such-eval, evals/no-such-eval/no-such-eval.eval.ts
      fix    name an existing file, or make one with "npx holdfast new eval <name>"
    ",
      "out": "",
    }
  `)
})
