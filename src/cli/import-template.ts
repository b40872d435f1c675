/**
 * @file The text of an eval file that an import writes. Everything that came from the file stands in it as JSON text, never as code.
 */
import type { ImportedEval } from '../eval/import/imported.ts'

/** The eval file beside `cases.jsonl`. */
export function importedEvalSource(name: string, imported: ImportedEval, origin: string): string {
  const { description, prompt, graders } = imported
  const members = [
    `  name: ${JSON.stringify(name)},`,
    `  description: ${JSON.stringify(description)},`,
    "  cases: new URL('./cases.jsonl', import.meta.url),",
    ...(prompt === null ? [] : [`  prompt: ${JSON.stringify(prompt)},`]),
    `  graders: [${graders.join(', ')}],`,
  ]
  return `/** @file ${commentText(name)}, imported from ${commentText(origin)}. Look at cases, prompt and graders before you trust its grades. */
import { defineEval, graders } from 'holdfast'

export default defineEval({
${members.join('\n')}
})
`
}

/** A name that cannot end the comment it stands in. */
function commentText(text: string): string {
  return text.replace(/[^\w .-]/g, '_')
}
