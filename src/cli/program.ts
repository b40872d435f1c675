/**
 * @file The command line as commander sees it: commands, flags, help. Each command answers with an exit code and prints nothing by itself here.
 */
import { Command } from 'commander'
import { projectFolders } from '../base/project-folders.ts'
import { HOLDFAST_VERSION } from '../base/version.ts'
import type { ExitCode } from './exit-code.ts'
import { addCache, addCheckGraders, addEval, addImport, addInit, addNew } from './program/eval-commands.ts'
import { examples } from './program/flags.ts'
import { addDoctor, addTrainer } from './program/trainer-commands.ts'
import { addGate, addReport, addRun } from './program/tuning-commands.ts'
import type { Terminal } from './terminal.ts'

/** The program. `finish` receives the exit code of the command that ran. */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('holdfast')
  program
    .description('Tunes a language model feature by feature, and lets no round through that loses what was there before.')
    .version(HOLDFAST_VERSION, '-v, --version')
    .addHelpText('after', PROGRAM_EXAMPLES)
  for (const add of [addInit, addNew, addImport, addEval, addCheckGraders, addRun, addGate, addReport, addTrainer, addDoctor, addCache])
    add(program, terminal, finish)
  program.hook('preAction', (_, command) => {
    const writesRuns = command.name() !== 'init' && command.options.some(({ long }) => long === '--reports')
    if (writesRuns && command.getOptionValue('reports') === undefined) command.setOptionValue('reports', projectFolders().reports)
  })
  return program
}

const PROGRAM_EXAMPLES = `
Exit codes of run: 0 accepted, 1 blocked, 2 inconclusive, 3 could not run; "holdfast <command> --help" says them for each command.
${examples('npx holdfast run suites/clinic.suite.ts', 'npx holdfast new eval refill-request', 'npx holdfast eval refill --model models/nano', 'npx holdfast gate clinic --parent models/nano --candidate ./my-adapter')}`
