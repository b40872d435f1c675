/**
 * @file Commands that tune, judge and report.
 */
import { gateCommand } from '../commands/gate.ts'
import type { GateFlags } from '../commands/gate.ts'
import { reportCommand } from '../commands/report.ts'
import { runCommand } from '../commands/run.ts'
import type { RunFlags } from '../commands/run.ts'
import {
  ADAPTER_BASE_WORDS,
  MODEL_WORDS,
  REPORTS_FLAG,
  cacheOption,
  commaList,
  deviceOption,
  engineDeviceOption,
  examples,
  positiveInteger,
  trainerOption,
  trainersWith,
  wholeNumber,
} from './flags.ts'
import type { Add } from './flags.ts'

/** `run` */
export const addRun: Add = (program, terminal, finish) => {
  program
    .command('run')
    .argument('<suite>', 'a suite file, or its name under suites/')
    .option('--base <model>', "use this base model instead of the suite's: a directory or hub id")
    .option('--arms <names>', 'run only these arms, separated by commas', commaList)
    .option('--seed <n>', "use this seed instead of the suite's", wholeNumber)
    .option('--budget <name>', 'a smaller variant that the suite declares, for example "small"')
    .option('--resume [run]', 'go on with an interrupted run (the newest one, or the one named)')
    .option('--report-only', 'end with 0 whenever a verdict was reached')
    .option('--threads <n>', `threads on the CPU (${trainersWith('threads')})`, positiveInteger)
    .addOption(deviceOption())
    .addOption(trainerOption())
    .option('--host <address>', `machine to train on, for example ssh://user@gpu1 (${trainersWith('host')})`)
    .option('--python <path>', `Python of your own environment to train with (${trainersWith('python')})`)
    .option(
      '--dry-run [card]',
      'print rounds, tokens, memory and device hours by estimate, here or for a card such as "RTX 4090"; train nothing',
    )
    .option(...REPORTS_FLAG)
    .description('tune every feature with every arm, judge each round, write the report')
    .addHelpText(
      'after',
      `\nExit codes: 0 one candidate arm accepted every feature, 1 some feature was blocked in every candidate arm, 2 neither, 3 could not run\n${examples('npx holdfast run suites/clinic.suite.ts', 'npx holdfast run clinic --budget small --arms sft,grpo', 'npx holdfast run clinic --resume', 'npx holdfast run clinic --trainer trl --budget small', 'npx holdfast run clinic --trainer trl --dry-run "RTX 4090"')}`,
    )
    .action(async (suite: string, flags: RunFlags) => finish(await runCommand(suite, flags, terminal)))
}

/** `gate` */
export const addGate: Add = (program, terminal, finish) => {
  program
    .command('gate')
    .argument('<suite>', 'a suite file, or its name under suites/')
    .requiredOption('--parent <model>', `what ships today: ${MODEL_WORDS}`)
    .requiredOption('--candidate <model>', `what should replace it: ${MODEL_WORDS}`)
    .option('--base <model>', ADAPTER_BASE_WORDS)
    .option('--target <feature>', 'the feature that should have improved; without it only losses are judged')
    .option('--budget <name>', 'a smaller variant that the suite declares')
    .option('--resume [run]', 'go on with an interrupted gate (the newest one, or the one named)')
    .addOption(engineDeviceOption())
    .addOption(cacheOption())
    .option(...REPORTS_FLAG)
    .description('judge two models that Holdfast did not tune')
    .addHelpText(
      'after',
      `\nExit codes: 0 ACCEPTED, 1 BLOCKED, 2 INCONCLUSIVE, 3 could not run\n${examples('npx holdfast gate clinic --parent models/nano --candidate ./my-adapter --target refill')}`,
    )
    .action(async (suite: string, flags: GateFlags) => finish(await gateCommand(suite, flags, terminal)))
}

/** `report` */
export const addReport: Add = (program, terminal, finish) => {
  program
    .command('report')
    .argument('<run>', 'a run directory, or its name under reports/')
    .option(...REPORTS_FLAG)
    .description("render a run's report again")
    .addHelpText('after', `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast report reports/example')}`)
    .action(async (run: string, flags: { readonly reports?: string }) => finish(await reportCommand(run, flags, terminal)))
}
