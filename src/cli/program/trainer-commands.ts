/**
 * @file Commands around the trl trainer's Python environment.
 */
import { doctorCommand } from '../commands/doctor.ts'
import type { DoctorFlags } from '../commands/doctor.ts'
import { trainerRemoveCommand, trainerSetupCommand } from '../commands/trainer-setup.ts'
import type { TrainerSetupFlags } from '../commands/trainer-setup.ts'
import { HOST_FLAG, collect, examples } from './flags.ts'
import type { Add } from './flags.ts'

/** `trainer setup` and `trainer remove` */
export const addTrainer: Add = (program, terminal, finish) => {
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

/** `doctor` */
export const addDoctor: Add = (program, terminal, finish) => {
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
