/**
 * @file The text of a new eval: an eval file that works as it stands, and cases that show every role. The user replaces the content.
 */

/** The files of a new eval, and the variable that a suite imports it as. */
export interface EvalTemplate {
  readonly variable: string
  readonly source: string
  readonly cases: string
}

/** Fills the template for an eval called `name`, which is lower-case with hyphens. */
export function evalTemplate(name: string): EvalTemplate {
  return {
    variable: variableFor(name),
    source: sourceText(name),
    cases: `${caseRows(name)
      .map((row) => JSON.stringify(row))
      .join('\n')}\n`,
  }
}

const RESERVED = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return static super switch this throw true try typeof var void while with yield let await package'.split(
    ' ',
  ),
)

function variableFor(name: string): string {
  const camel = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return RESERVED.has(camel) ? `${camel}Eval` : camel
}

function sourceText(name: string): string {
  return `/** @file The ${name} feature: its cases, the prompt that the app sends, and what counts as a right answer. */
import { defineEval, graders } from 'holdfast'

const labels = ['question', 'complaint', 'praise']

export default defineEval({
  name: '${name}',
  description: 'Says what kind of message a customer wrote.',
  // One case per line: id, role (train, dev, gate, twin), input, expected.
  cases: new URL('./cases.jsonl', import.meta.url),
  // What your app sends. {{input}} is the case's input; a function that calls your app's own code works too.
  prompt: \`Answer with one word: \${labels.join(', ')}.\\nMessage: {{input}}\`,
  // The same graders are the test, the gate, the reward and the data filter.
  graders: [graders.label({ labels })],
  // What a guess gets right.
  chance: 1 / labels.length,
})
`
}

type Row = { readonly id: string; readonly role: string; readonly input: string; readonly expected: string; readonly twinOf?: string }

const MESSAGES: readonly (readonly [role: string, input: string, expected: string])[] = [
  ['train', 'When do you open on Saturday?', 'question'],
  ['train', 'My order arrived broken and nobody answers.', 'complaint'],
  ['train', 'Best service I have had in years.', 'praise'],
  ['train', 'Can I pay by invoice?', 'question'],
  ['train', 'I was charged twice this month.', 'complaint'],
  ['train', 'Your driver was so kind to my mother.', 'praise'],
  ['dev', 'Do you deliver abroad?', 'question'],
  ['dev', 'The app crashes each time I log in.', 'complaint'],
  ['gate', 'How long does a refund take?', 'question'],
  ['gate', 'Third late parcel in a row.', 'complaint'],
  ['gate', 'Thank you, that was quick and friendly.', 'praise'],
  ['gate', 'Is the blue one back in stock?', 'question'],
]

/**
 * Sealed paraphrases, never trained on: those of gate cases show whether a feature was learned or its wording, those of dev cases are watched while an
 * arm is rewarded.
 */
const TWINS: readonly (readonly [role: 'dev' | 'gate', position: number, input: string])[] = [
  ['dev', 1, 'Could you ship to another country?'],
  ['dev', 2, 'Every time I sign in, your app falls over.'],
  ['gate', 1, 'By when would I have my money back?'],
  ['gate', 2, 'Late again, for the third time now.'],
]

function caseRows(name: string): readonly Row[] {
  const counts = new Map<string, number>()
  const nextId = (role: string): string => {
    counts.set(role, (counts.get(role) ?? 0) + 1)
    return `${name}-${role}-${counts.get(role)}`
  }
  const rows: Row[] = MESSAGES.map(([role, input, expected]) => ({ id: nextId(role), role, input, expected }))
  const twins = TWINS.flatMap(([role, position, input]) => {
    const original = rows.filter((row) => row.role === role)[position - 1]
    return original === undefined ? [] : [{ id: nextId('twin'), role: 'twin', input, expected: original.expected, twinOf: original.id }]
  })
  return [...rows, ...twins]
}
