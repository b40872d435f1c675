/**
 * @file Whether code of a user decides an eval's grades, and the file that it begins in.
 */
import { fileURLToPath } from 'node:url'
import type { Eval } from './eval.ts'
import type { Grader } from './grader.ts'

/** On the function that grades, not on its grader: a grader that was made of a built-in one and grades by another function is code of the user. */
const BUILT_IN = Symbol.for('holdfast.built-in')

/** Notes that a grader is known by kind, version and settings alone. */
export function builtIn<T extends Pick<Grader, 'grade'>>(grader: T): T {
  Object.defineProperty(grader.grade, BUILT_IN, { value: true })
  return grader
}

/** Whether a grader is, or holds, a function of the user's. */
export function isUserCode({ grade, sourceHash }: Pick<Grader, 'grade' | 'sourceHash'>): boolean {
  return sourceHash !== undefined || !Object.hasOwn(grade, BUILT_IN)
}

/** Whether functions of the user's take part in grading. */
export function hasUserCode({ graders, auditGraders, parse }: Pick<Eval, 'graders' | 'auditGraders' | 'parse'>): boolean {
  return parse !== null || [...graders, ...auditGraders].some(isUserCode)
}

/**
 * The user's file that is calling `callee`: of several that call or await each other the outermost, which imports the others. Undefined where the stack
 * does not tell. What imports a file stands behind the frames of what loads it.
 */
export function callingFile(callee: (...given: never) => unknown): string | undefined {
  const holder: { readonly stack?: string } = {}
  const { stackTraceLimit } = Error
  // The outermost of many calls is still to be seen.
  Error.stackTraceLimit = MOST_FRAMES
  Error.captureStackTrace(holder, callee)
  const stack = holder.stack ?? ''
  Error.stackTraceLimit = stackTraceLimit
  return outermostFile(stack)
}

const MOST_FRAMES = 1000

const FRAME = /^\s+at (?:async )?(?:.*\()?(file:\/\/\/?[^)]*|\/[^)]*|[A-Za-z]:[\\/][^)]*?):\d+:\d+\)?$/

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
