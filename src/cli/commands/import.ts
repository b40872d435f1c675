/**
 * @file `holdfast import promptfoo|inspect|log <file>`: makes evals of another tool's file, and says what it could not take over. Runs nothing of the
 * file and overwrites nothing.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { fileWriteFailure } from '../../base/file-errors.ts'
import { formatJsonl } from '../../base/jsonl.ts'
import { projectFolders } from '../../base/project-folders.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { ImportEmptyError } from '../../eval/import/errors.ts'
import type { Imported } from '../../eval/import/imported.ts'
import { importInspect } from '../../eval/import/inspect.ts'
import type { LogFields } from '../../eval/import/log-row.ts'
import { importProductionLog } from '../../eval/import/production-log.ts'
import { importPromptfoo } from '../../eval/import/promptfoo.ts'
import { EvalExistsError, EvalNameError, UsageError } from '../errors.ts'
import type { ExitCode } from '../exit-code.ts'
import { importedEvalSource } from '../import-template.ts'
import type { Terminal } from '../terminal.ts'

/** What can be imported. */
export type ImportKind = 'promptfoo' | 'inspect' | 'log'

export const IMPORT_KINDS: readonly ImportKind[] = ['promptfoo', 'inspect', 'log']

/** Flags of the command. */
export interface ImportFlags {
  /** Name of the eval; default: the file's. */
  readonly name?: string
  /** Folder that the eval's folder is made in; default: the project's evals. */
  readonly evals?: string
  /** For logs, "member=column": where the columns have other names than usual. */
  readonly field?: readonly string[]
}

const EVAL_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const LONGEST_NAME = 40
const LOG_MEMBERS: readonly string[] = ['input', 'messages', 'output', 'expected', 'chosen', 'rejected', 'thumb', 'tags']
const SHOWN = 40

/** Writes `<evals>/<name>/` with an eval file and its cases. @throws ImportEmptyError, EvalExistsError, and the errors of src/eval/import */
export async function importCommand(
  { kind, file }: { readonly kind: ImportKind; readonly file: string },
  flags: ImportFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const name = flags.name ?? nameOf(file)
  if (!EVAL_NAME.test(name) || name.length > LONGEST_NAME) throw new EvalNameError({ name })
  const imported = await readImport(kind, file, flags)
  if (imported.evals.length === 0)
    throw new ImportEmptyError({ where: displayPath(file), reasons: imported.notConverted.map(lineOf).slice(0, 3) })
  const parent = resolve(flags.evals ?? projectFolders().evals)
  const taken = imported.evals.map(({ suffix }) => join(parent, `${name}${suffix}`)).find((directory) => existsSync(directory))
  if (taken !== undefined) throw new EvalExistsError({ directory: taken })
  const written = imported.evals.map((one) => {
    const full = `${name}${one.suffix}`
    writeEval(join(parent, full), full, { source: importedEvalSource(full, one, basename(file)), cases: formatJsonl(one.cases) })
    return `  ${displayPath(join(parent, full, `${full}.eval.ts`))}   ${one.cases.length} ${one.cases.length === 1 ? 'case' : 'cases'}, ${one.graders.join(', ')}`
  })
  terminal.out.write(`${importMessage(written, imported)}\n`)
  return 0
}

async function readImport(kind: ImportKind, file: string, flags: ImportFlags): Promise<Imported> {
  if (flags.field !== undefined && kind !== 'log')
    throw new UsageError({ summary: '--field is for logs alone', command: `holdfast import ${kind}` })
  switch (kind) {
    case 'promptfoo':
      return importPromptfoo(file)
    case 'inspect':
      return importInspect(file)
    case 'log':
      return importProductionLog(file, logFields(flags.field ?? []))
  }
}

/** "input=request.text" and the like. @throws UsageError */
function logFields(given: readonly string[]): LogFields {
  const entries = given.map((text) => {
    const at = text.indexOf('=')
    const [member, column] = [text.slice(0, at), text.slice(at + 1)]
    if (at === -1 || !LOG_MEMBERS.includes(member) || column === '') {
      throw new UsageError({
        summary: `--field takes member=column, members are ${LOG_MEMBERS.join(', ')}; got ${quoteUntrusted(text)}`,
        command: 'holdfast import log',
      })
    }
    return [member, column]
  })
  return Object.fromEntries(entries) as LogFields
}

/** The file's name as an eval's: "My Config.yaml" becomes "my-config". */
function nameOf(file: string): string {
  const words =
    basename(file, extname(file))
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  const name = words.join('-').slice(0, LONGEST_NAME).replace(/-$/, '')
  return /^[a-z]/.test(name) ? name : `imported-${name}`.replace(/-$/, '').slice(0, LONGEST_NAME)
}

function writeEval(directory: string, name: string, content: { readonly source: string; readonly cases: string }): void {
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `${name}.eval.ts`), content.source, { flag: 'wx' })
    writeFileSync(join(directory, 'cases.jsonl'), content.cases, { flag: 'wx' })
  } catch (error) {
    throw fileWriteFailure(directory, error)
  }
}

function lineOf({ where, what }: Imported['notConverted'][number]): string {
  return `${clean(where, 120)}: ${clean(what, 200)}`
}

/** Shortened and without control characters, like quoted text, but without the quotes. */
function clean(text: string, maxLength: number): string {
  return JSON.parse(quoteUntrusted(text, maxLength)) as string
}

function importMessage(written: readonly string[], { notConverted, notes }: Imported): string {
  const lost = notConverted.slice(0, SHOWN).map((one) => `  ${lineOf(one)}`)
  const more = notConverted.length > SHOWN ? [`  and ${notConverted.length - SHOWN} more`] : []
  const unconverted = lost.length === 0 ? ['Everything in the file was converted.'] : ['Not converted:', ...lost, ...more]
  return ['Wrote:', ...written, '', ...unconverted, '', ...notes].join('\n')
}
