/**
 * @file The command that goes on with what was interrupted, as it can be pasted into a shell.
 */

/** The words of a command with flags that have values: `npx holdfast eval refill --model m`. Flags without a value are left out. */
export function commandLine(
  words: readonly string[],
  flags: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  const written = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, typeof value === 'object' ? value.join(',') : String(value)],
  )
  return ['npx', 'holdfast', ...words, ...written].map(shellWord).join(' ')
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
