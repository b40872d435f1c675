/**
 * @file Flags, argument parsers and help texts that several commands share.
 */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { z } from 'zod'
import { ROLES } from '../../eval/case.ts'
import type { Role } from '../../eval/case.ts'
import type { TrainerFlag } from '../../trainer/driver.ts'
import { DRIVERS, TRAINER_NAMES } from '../../trainer/drivers.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

/** Adds commands to the program. `finish` receives the exit code of the command that ran. */
export type Add = (program: Command, terminal: Terminal, finish: (code: ExitCode) => void) => void

/** Without a default: what the project's package.json says is filled in before a command runs. */
export const REPORTS_FLAG = ['--reports <directory>', 'where runs are written (default: reports, or what package.json says)'] as const
export const ADAPTER_BASE_WORDS = 'the whole model under adapters, instead of the one their adapter_config.json names'
export const HOST_FLAG = ['--host <address>', 'another machine, for example ssh://user@gpu1'] as const
export const MODEL_WORDS = 'a model directory, a PEFT adapter directory, a hub id, or a server like http://localhost:8000/v1#name'

/** What is printed below a command's options: lines that can be copied. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

/** What the embedded engine answers with, where no trainer is asked. */
export function engineDeviceOption(): Option {
  return new Option('--device <device>', 'device of the embedded engine (default: cpu)').choices(['cpu', 'webgpu'])
}

/** What is trained with, by the trainers that let the command line say so. */
export function deviceOption(): Option {
  const devices = DRIVERS.flatMap(({ flags, options }) => (flags.includes('device') ? valuesOf((options as Options)['device']) : []))
  return new Option('--device <device>', `device to train with (${trainersWith('device')}; default: cpu)`).choices([...new Set(devices)])
}

type Options = Readonly<Record<string, z.ZodType>>

function valuesOf(schema: z.ZodType | undefined): readonly string[] {
  return schema === undefined ? [] : ((z.toJSONSchema(schema).enum ?? []) as readonly string[])
}

/** Every trainer that there is, with what it is. */
export function trainerOption(): Option {
  const trainers = DRIVERS.map(({ name, description }) => `${name} is ${description}`).join('; ')
  return new Option('--trainer <name>', `train with another trainer than the suite's: ${trainers}`).choices(TRAINER_NAMES)
}

/** "trl trainer", "embedded, trl trainer": who takes a flag. */
export function trainersWith(flag: TrainerFlag): string {
  const names = DRIVERS.filter(({ flags }) => flags.includes(flag)).map(({ name }) => name)
  return `${names.join(', ')} trainer`
}

/** What is kept of completions on disk. */
export function cacheOption(): Option {
  const words = 'completions on disk: auto keeps them where the weights are known, trust-name also where only their name is (default: auto)'
  return new Option('--cache <mode>', words).choices(['auto', 'trust-name', 'off'])
}

export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}

export function commaList(value: string): readonly string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length === 0) throw new InvalidArgumentError('expected names separated by commas')
  return names
}

export function roleList(value: string): readonly string[] {
  const roles = commaList(value)
  const unknown = roles.find((role) => !ROLES.includes(role as Role))
  if (unknown !== undefined) throw new InvalidArgumentError(`expected some of ${ROLES.join(', ')}`)
  return roles
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new InvalidArgumentError('expected a whole number, 0 or more')
  return Number(value)
}

export function positiveInteger(value: string): number {
  const number = wholeNumber(value)
  if (number === 0) throw new InvalidArgumentError('expected a whole number, 1 or more')
  return number
}

export function shareOfOne(value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('expected a share from 0 to 1')
  return number
}
