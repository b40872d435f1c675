/**
 * @file Writes text as words of a POSIX shell. Knows nothing of what the commands do.
 */
import { InternalError } from '../base/errors.ts'

/** `text` as one word that a POSIX shell takes literally, never as a keyword, option of the shell or assignment. */
export function quoteShell(text: string): string {
  if (text.includes('\0')) throw new InternalError('A command holds a NUL character', 'quoteShell()')
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Program and arguments as one shell command. */
export function quoteCommand(command: readonly string[]): string {
  return command.map(quoteShell).join(' ')
}

/** One line for each variable that puts it into the environment of what follows. */
export function quoteExports(env: Readonly<Record<string, string>> = {}): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name))
        throw new InternalError(`An environment variable is named ${JSON.stringify(name)}`, 'quoteExports()')
      return `export ${name}=${quoteShell(value)}\n`
    })
    .join('')
}
