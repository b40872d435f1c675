/**
 * @file What is printed of a failure that ends a command: our own errors as they are, what the system lacks by name, and the rest as a bug.
 */
import { formatParts, isHoldfastError } from '../base/errors.ts'
import type { ErrorParts } from '../base/errors.ts'
import { redactSecrets } from '../base/secrets.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** Three lines. The stack of an unknown failure follows where HOLDFAST_STACK is set. */
export function failureText(error: unknown): string {
  if (isHoldfastError(error)) return error.message
  const known = causesOf(error).flatMap((cause) => lackOf(cause) ?? [])[0]
  if (known !== undefined) return formatParts(known)
  const text = formatParts({
    code: 'UNEXPECTED',
    summary: `Holdfast failed in a way it does not know: ${quoteUntrusted(messageOf(error), 300)}`,
    where: firstFrame(error),
    fix: 'please report this with the command that led here; HOLDFAST_STACK=1 prints more',
  })
  const stack = error instanceof Error ? error.stack : undefined
  return (process.env['HOLDFAST_STACK'] ?? '') === '' || stack === undefined ? text : `${text}\n${redactSecrets(stack)}`
}

/** The error and what it was caused by, outermost first. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = []
  for (let next = error; next != null && causes.length < 8; next = (next as { cause?: unknown }).cause) causes.push(next)
  return causes
}

/** What the machine or the installation lacks; null for anything else. */
function lackOf(error: unknown): ErrorParts | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const where = firstFrame(error)
  if (code === 'EMFILE' || code === 'ENFILE') {
    const fix = 'allow more (ulimit -n 4096), then run the same command again; an interrupted run goes on with --resume'
    return { code: 'FILE_HANDLES_LOW', summary: `No more files can be opened (${code})`, where, fix }
  }
  if (code === 'ENOMEM' || code === 'EAGAIN' || code === 'ERR_WORKER_OUT_OF_MEMORY' || isAllocation(error)) {
    const fix = 'free memory or processes, or lower batch sizes; an interrupted run goes on with --resume'
    return { code: 'MEMORY_LOW', summary: `There is too little memory: ${quoteUntrusted(messageOf(error), 200)}`, where, fix }
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED') {
    const fix = 'install Holdfast again with all its packages (npm ci); `npx holdfast doctor` says what is missing'
    return {
      code: 'INSTALL_BROKEN',
      summary: `A part of the installation cannot be loaded: ${quoteUntrusted(messageOf(error), 300)}`,
      where,
      fix,
    }
  }
  return null
}

function isAllocation(error: unknown): boolean {
  return error instanceof RangeError && /allocat|out of memory|invalid array buffer length/i.test(error.message)
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

/** The innermost frame of the stack, without control characters. */
function firstFrame(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line))
  return frame === undefined ? 'unknown' : frame.trim().replace(/^at /, '').slice(0, 200)
}
