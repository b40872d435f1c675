/**
 * @file Commands around evals: set up a project, write one, grade one.
 */
import { Argument } from 'commander'
import { cacheMessage, clearCache } from '../commands/cache.ts'
import { checkGradersCommand } from '../commands/check-graders.ts'
import type { CheckGradersFlags } from '../commands/check-graders.ts'
import { evalCommand } from '../commands/eval.ts'
import type { EvalFlags } from '../commands/eval.ts'
import { IMPORT_KINDS, importCommand } from '../commands/import.ts'
import type { ImportFlags, ImportKind } from '../commands/import.ts'
import { init, initMessage } from '../commands/init.ts'
import type { InitFlags } from '../commands/init.ts'
import { newEval, newEvalMessage } from '../commands/new-eval.ts'
import { stillAlive } from '../progress/still-alive.ts'
import {
  ADAPTER_BASE_WORDS,
  MODEL_WORDS,
  REPORTS_FLAG,
  cacheOption,
  collect,
  engineDeviceOption,
  examples,
  positiveInteger,
  roleList,
  shareOfOne,
  wholeNumber,
} from './flags.ts'
import type { Add } from './flags.ts'

/** `init` */
export const addInit: Add = (program, terminal, finish) => {
  program
    .command('init')
    .option('--evals <folder>', 'where evals are kept (default: evals); kept in package.json')
    .option('--suites <folder>', 'where suites are kept (default: suites); kept in package.json')
    .option('--reports <folder>', 'where runs are written (default: reports); kept in package.json')
    .option('--feature <name>', 'name of the first eval (default: message-kind)')
    .option('--base <model>', 'base model of the suite: a directory or hub id (default: the bundled toy model)')
    .description('write a first eval and a first suite into the project in this folder; overwrites nothing')
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast init', 'npx holdfast init --evals tests/evals --feature refill')}`,
    )
    .action((flags: InitFlags) => {
      terminal.out.write(`${initMessage(init(flags))}\n`)
      finish(0)
    })
}

/** `import` */
export const addImport: Add = (program, terminal, finish) => {
  program
    .command('import')
    .addArgument(new Argument('<kind>', 'what the file is').choices(IMPORT_KINDS))
    .argument('<file>', 'promptfoo config (YAML, JSON), Inspect log or samples, or a log of your app as JSON lines')
    .option('--name <name>', "name of the eval (default: the file's)")
    .option('--evals <folder>', "folder that the eval's folder is made in (default: evals, or what package.json says)")
    .option('--field <member=column>', 'for logs whose columns have other names; may be repeated', collect)
    .description("make evals of another tool's file and list what could not be converted; runs nothing of it, overwrites nothing")
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 3 could not run\n${examples('npx holdfast import promptfoo promptfooconfig.yaml', 'npx holdfast import log thumbs.jsonl --name refill --field thumb=feedback')}`,
    )
    .action(async (kind: ImportKind, file: string, flags: ImportFlags) => finish(await importCommand({ kind, file }, flags, terminal)))
}

/** `new eval` */
export const addNew: Add = (program, terminal, finish) => {
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

/** `check-graders` */
export const addCheckGraders: Add = (program, terminal, finish) => {
  program
    .command('check-graders')
    .argument('<eval>', 'an eval file, or the name of a folder under evals/')
    .option('--limit <n>', 'cases to try (default: 20)', positiveInteger)
    .option('--seed <n>', 'which cases and mutations (default: 1)', wholeNumber)
    .option(...REPORTS_FLAG)
    .description('try the graders on answers that are known to be wrong or right; print and keep how often they are mistaken')
    .addHelpText(
      'after',
      `\nExit codes: 0 no hole, 1 a grader has a hole, 3 could not run\n${examples('npx holdfast check-graders refill')}`,
    )
    .action(async (file: string, flags: CheckGradersFlags) =>
      finish(await stillAlive(terminal.out, 'trying the graders', () => checkGradersCommand(file, flags, terminal))),
    )
}

/** `cache` and `cache clear` */
export const addCache: Add = (program, terminal, finish) => {
  const say = (text: string): void => {
    terminal.out.write(`${text}\n`)
    finish(0)
  }
  const group = program.command('cache').description('say how much the completions on disk take')
  group.action(() => say(cacheMessage()))
  group
    .command('clear')
    .description('take them away: models are asked again')
    .addHelpText('after', examples('npx holdfast cache clear'))
    .action(() => say(clearCache()))
}

/** `eval` */
export const addEval: Add = (program, terminal, finish) => {
  program
    .command('eval')
    .argument('<eval>', 'an eval file, or the name of a folder under evals/')
    .requiredOption('--model <model>', MODEL_WORDS)
    .option('--base <model>', ADAPTER_BASE_WORDS)
    .option('--roles <roles>', 'which cases: train, dev, curve, gate, twin (default: dev)', roleList)
    .option('--limit <n>', 'at most this many cases', positiveInteger)
    .addOption(engineDeviceOption())
    .addOption(cacheOption())
    .option('--resume', 'go on with the newest interrupted evaluation of the same cases, settings and model')
    .option('--min-pass <share>', 'end with 1 when a smaller share (0 to 1) passes', shareOfOne)
    .option(...REPORTS_FLAG)
    .description('grade one eval on one model')
    .addHelpText(
      'after',
      `\nExit codes: 0 done, 1 fewer cases passed than --min-pass asks, 3 could not run\n${examples('npx holdfast eval refill --model models/nano', 'npx holdfast eval refill --model reports/<run>/rounds/01-refill/grpo/checkpoints/60 --roles dev')}`,
    )
    .action(async (file: string, flags: EvalFlags) => finish(await evalCommand(file, flags, terminal)))
}
