/**
 * @file The command line as commander sees it: commands, flags, help. Each command answers with an exit code and prints nothing by itself here.
 */
import { Command, InvalidArgumentError, Option } from 'commander'
import { doctorCommand } from './commands/doctor.ts'
import type { DoctorFlags } from './commands/doctor.ts'
import { evalCommand } from './commands/eval.ts'
import type { EvalFlags } from './commands/eval.ts'
import { gateCommand } from './commands/gate.ts'
import type { GateFlags } from './commands/gate.ts'
import { newEval, newEvalMessage } from './commands/new-eval.ts'
import { reportCommand } from './commands/report.ts'
import { runCommand } from './commands/run.ts'
import type { RunFlags } from './commands/run.ts'
import { trainerRemoveCommand, trainerSetupCommand } from './commands/trainer-setup.ts'
import type { TrainerSetupFlags } from './commands/trainer-setup.ts'
import type { ExitCode } from './exit-code.ts'
import { ROLES } from '../eval/case.ts'
import type { Role } from '../eval/case.ts'
import { HOLDFAST_VERSION } from '../round/version.ts'
import type { Terminal } from './terminal.ts'

const REPORTS_FLAG = ['--reports <directory>', 'where runs are written', 'reports'] as const
const ADAPTER_BASE_WORDS = 'the whole model under adapters, instead of the one their adapter_config.json names'
const HOST_FLAG = ['--host <address>', 'another machine, for example ssh://user@gpu1'] as const
const MODEL_WORDS = 'a model directory, a PEFT adapter directory, or a hub id'

/** The program. `finish` receives the exit code of the command that ran. */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('holdfast')
  program
    .description('Tunes a language model feature by feature, and lets no round through that loses what was there before.')
    .version(HOLDFAST_VERSION, '-v, --version')
    .addHelpText('after', PROGRAM_EXAMPLES)
  addNew(program, terminal, finish)
  addEval(program, terminal, finish)
  addRun(program, terminal, finish)
  addGate(program, terminal, finish)
  addReport(program, terminal, finish)
  addTrainer(program, terminal, finish)
  addDoctor(program, terminal, finish)
  return program
}

type Add = (program: Command, terminal: Terminal, finish: (code: ExitCode) => void) => void

const addNew: Add = (program, terminal, finish) => {
  const group = program.command('new').description('write a new file to start from')
  group
    .command('eval')
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .description('write evals/<name>/ with a working eval and a few cases to edit')
    .addHelpText('after', examples('npx holdfast new eval refill-request'))
    .action((name: string) => {
      terminal.out.write(`${newEvalMessage(newEval(name))}\n`)
      finish(0)
    })
}

const addEval: Add = (program, terminal, finish) => {
  program
    .command('eval')
    .argument('<eval>', 'an eval file, or the name of a folder under evals/')
    .requiredOption('--model <model>', MODEL_WORDS)
    .option('--base <model>', ADAPTER_BASE_WORDS)
    .option('--roles <roles>', 'which cases: train, dev, curve, gate, twin (default: dev)', roleList)
    .option('--limit <n>', 'at most this many cases', positiveInteger)
    .addOption(deviceOption())
    .option('--min-pass <share>', 'end with 1 when a smaller share (0 to 1) passes', shareOfOne)
    .option(...REPORTS_FLAG)
    .description('grade one eval on one model')
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 fewer cases passed than --min-pass asks, 3 could not run\n${examples('npx holdfast eval refill --model models/nano', 'npx holdfast eval refill --model reports/<run>/rounds/01-refill/grpo/checkpoints/60 --roles dev')}`,
    )
    .action(async (file: string, flags: EvalFlags) => finish(await evalCommand(file, flags, terminal)))
}

const addRun: Add = (program, terminal, finish) => {
  program
    .command('run')
    .argument('<suite>', 'a suite file, or its name under suites/')
    .option('--base <model>', "use this base model instead of the suite's: a directory or hub id")
    .option('--arms <names>', 'run only these arms, separated by commas', commaList)
    .option('--seed <n>', "use this seed instead of the suite's", wholeNumber)
    .option('--budget <name>', 'a smaller variant that the suite declares, for example "small"')
    .option('--resume [run]', 'go on with an interrupted run (the newest one, or the one named)')
    .option('--report-only', 'end with 0 whenever a verdict was reached')
    .option('--threads <n>', 'threads of the embedded engine', positiveInteger)
    .addOption(deviceOption())
    .addOption(new Option('--trainer <name>', "train with another trainer than the suite's").choices(['embedded', 'trl']))
    .option('--host <address>', 'machine of the trl trainer, for example ssh://user@gpu1')
    .option('--python <path>', 'Python of your own environment for the trl trainer')
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

const addGate: Add = (program, terminal, finish) => {
  program
    .command('gate')
    .argument('<suite>', 'a suite file, or its name under suites/')
    .requiredOption('--parent <model>', `what ships today: ${MODEL_WORDS}`)
    .requiredOption('--candidate <model>', `what should replace it: ${MODEL_WORDS}`)
    .option('--base <model>', ADAPTER_BASE_WORDS)
    .option('--target <feature>', 'the feature that should have improved; without it only losses are judged')
    .option('--budget <name>', 'a smaller variant that the suite declares')
    .addOption(deviceOption())
    .option(...REPORTS_FLAG)
    .description('judge two models that Holdfast did not tune')
    .addHelpText(
      'after',
      `\nExit codes: 0 ACCEPTED, 1 BLOCKED, 2 INCONCLUSIVE, 3 could not run\n${examples('npx holdfast gate clinic --parent models/nano --candidate ./my-adapter --target refill')}`,
    )
    .action(async (suite: string, flags: GateFlags) => finish(await gateCommand(suite, flags, terminal)))
}

const addReport: Add = (program, terminal, finish) => {
  program
    .command('report')
    .argument('<run>', 'a run directory, or its name under reports/')
    .option(...REPORTS_FLAG)
    .description("render a run's report again")
    .addHelpText('after', `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast report reports/example')}`)
    .action(async (run: string, flags: { readonly reports?: string }) => finish(await reportCommand(run, flags, terminal)))
}

const addTrainer: Add = (program, terminal, finish) => {
  const group = program.command('trainer').description('the Python environment of the trl trainer')
  group
    .command('setup')
    .option(...HOST_FLAG)
    .option('--cpu', 'the CPU build of torch (default: what the machine has)')
    .option('--cuda', 'the CUDA build of torch')
    .option('--with <extra>', 'also install vllm or bitsandbytes (CUDA only); may be repeated', collect)
    .option('--force', 'make it anew')
    .description('make a private environment with exactly pinned packages')
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast trainer setup', 'npx holdfast trainer setup --host ssh://user@gpu1 --with vllm')}`,
    )
    .action(async (flags: TrainerSetupFlags) => finish(await trainerSetupCommand(flags, terminal)))
  group
    .command('remove')
    .option(...HOST_FLAG)
    .description('take the environment away')
    .addHelpText('after', `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast trainer remove')}`)
    .action(async (flags: { readonly host?: string }) => finish(await trainerRemoveCommand(flags, terminal)))
}

const addDoctor: Add = (program, terminal, finish) => {
  program
    .command('doctor')
    .option(...HOST_FLAG)
    .option('--python <path>', 'Python of your own environment')
    .description('say what is there and what is missing, with the command that mends it')
    .addHelpText(
      'after',
      `\nExit codes: 0 the trl trainer can run there, 3 it cannot\n${examples('npx holdfast doctor', 'npx holdfast doctor --host ssh://user@gpu1')}`,
    )
    .action(async (flags: DoctorFlags) => finish(await doctorCommand(flags, terminal)))
}

const PROGRAM_EXAMPLES = `
Exit codes of run: 0 accepted, 1 blocked, 2 inconclusive, 3 could not run; "holdfast <command> --help" says them for each command.
${examples('npx holdfast run suites/clinic.suite.ts', 'npx holdfast new eval refill-request', 'npx holdfast eval refill --model models/nano', 'npx holdfast gate clinic --parent models/nano --candidate ./my-adapter')}`

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

function deviceOption(): Option {
  return new Option('--device <device>', 'device of the embedded engine (default: cpu)').choices(['cpu', 'webgpu'])
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

function commaList(value: string): readonly string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) throw new InvalidArgumentError('expected names separated by commas')
  return names
}

function roleList(value: string): readonly string[] {
  const roles = commaList(value)
  const unknown = roles.find((role) => !ROLES.includes(role as Role))
  if (unknown !== undefined) throw new InvalidArgumentError(`expected some of ${ROLES.join(', ')}`)
  return roles
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError('expected a whole number, 0 or more')
  return Number(value)
}

function positiveInteger(value: string): number {
  const number = wholeNumber(value)
  if (number === 0) throw new InvalidArgumentError('expected a whole number, 1 or more')
  return number
}

function shareOfOne(value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('expected a share from 0 to 1')
  return number
}
