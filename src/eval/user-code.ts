/**
 * @file Whether code of a user decides an eval's grades, and the file that it begins in.
 */
import { fileURLToPath } from 'node:url'
import type { Eval } from './eval.ts'
import type { Grader } from './grader.ts'

/** Kinds of graders that are known by kind, version and settings alone. A test holds this list against src/grader. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...['answer', 'contains', 'date', 'edit-distance', 'embedding-similarity', 'exact-match', 'formula', 'ifeval', 'iso-date', 'javascript'],
  ...['json-match', 'json-schema', 'judge-label', 'judge-pairwise', 'judge-rubric', 'judge-score', 'label', 'list', 'number', 'one-of'],
  ...['python', 'regex', 'rft', 'runs-tests', 'set', 'text-similarity', 'tool-call', 'weighted'],
])

/** Whether a grader is, or holds, a function of the user's. */
export function isUserCode({ kind, sourceHash }: Pick<Grader, 'kind' | 'sourceHash'>): boolean {
  return sourceHash !== undefined || !BUILT_IN.has(kind)
}

/** Whether functions of the user's take part in grading. */
export function hasUserCode({ graders, auditGraders, parse }: Pick<Eval, 'graders' | 'auditGraders' | 'parse'>): boolean {
  return parse !== null || [...graders, ...auditGraders].some(isUserCode)
}

/**
 * The user's file that is calling `callee`: of several that call each other the outermost, which imports the others. Undefined where the stack does not
 * tell. An importing file awaits and does not call, so it is not taken.
 */
export function callingFile(callee: (...given: never) => unknown): string | undefined {
  const holder: { readonly stack?: string } = {}
  Error.captureStackTrace(holder, callee)
  return outermostFile(holder.stack ?? '')
}

const FRAME = /^\s+at (?!async )(?:.*\()?(file:\/\/\/?[^)]*|\/[^)]*|[A-Za-z]:[\\/][^)]*?):\d+:\d+\)?$/

/** What loads a module stands behind its frames. */
const LOADER = /\(?node:|[/\\]node_modules[/\\]/

/** From the text of a stack, its first line left out. */
export function outermostFile(stack: string): string | undefined {
  const frames = stack.split('\n').slice(1)
  const end = frames.findIndex((frame) => LOADER.test(frame))
  const found = frames
    .slice(0, end === -1 ? frames.length : end)
    .flatMap((frame) => FRAME.exec(frame)?.[1] ?? [])
    .at(-1)
    ?.replace(/[?#].*$/, '')
  return found?.startsWith('file:') === true ? fileURLToPath(found) : found
}
