/**
 * @file The code in a completion: a fenced block, or the whole text. One pass over the lines, however hostile the text is.
 */

/** Code and where it stood. */
export interface ExtractedCode {
  readonly code: string
  readonly rule: 'whole' | 'code-fence' | 'last-code-fence'
}

/**
 * The code of a completion: the whole text when it has no fences, the block when it has one and nothing else stands around it.
 * Lenient: text around blocks is allowed, and the last of several counts. Null when nobody said which code is meant.
 */
export function extractCode(text: string, lenient: boolean): ExtractedCode | null {
  const { blocks, hasProse } = splitFences(text)
  const last = blocks.at(-1)
  if (last === undefined) return { code: text, rule: 'whole' }
  if (blocks.length === 1 && (lenient || !hasProse)) return { code: last, rule: 'code-fence' }
  return lenient ? { code: last, rule: 'last-code-fence' } : null
}

/** Blocks between lines of three back ticks or tildes; a block that never ends goes to the end of the text. */
function splitFences(text: string): { readonly blocks: readonly string[]; readonly hasProse: boolean } {
  const blocks: string[] = []
  let open: string[] | null = null
  let fence = ''
  let hasProse = false
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (open === null && (trimmed.startsWith('```') || trimmed.startsWith('~~~'))) {
      open = []
      fence = trimmed.slice(0, 3)
    } else if (open !== null && trimmed.startsWith(fence) && trimmed.length < 10) {
      blocks.push(open.join('\n'))
      open = null
    } else if (open !== null) open.push(line)
    else if (trimmed !== '') hasProse = true
  }
  if (open !== null) blocks.push(open.join('\n'))
  return { blocks, hasProse }
}
