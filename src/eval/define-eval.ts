/**
 * @file What eval files call. It only wraps: nothing is read or checked here, so importing an eval file can neither fail nor be slow.
 */
import type { EvalDefinition, EvalOptions } from './eval.ts'
import { callingFile } from './user-code.ts'

/**
 * Declares the eval of one app feature, or of one general ability that must be retained. Problems are reported when it is loaded.
 * @example
 * export default defineEval({
 *   name: 'triage',
 *   cases: new URL('./cases.jsonl', import.meta.url),
 *   prompt: 'How urgent is this? {{input}}',
 *   graders: [graders.label({ labels: ['routine', 'urgent'] })],
 * })
 */
export function defineEval(options: EvalOptions): EvalDefinition {
  const file = callingFile(defineEval)
  return { kind: 'holdfast.eval-definition', options, ...(file === undefined ? {} : { file }) }
}
