/**
 * @file Turns a zod error into short lines for people.
 */
import type { z } from 'zod'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** One line per problem: "sampling.topP: Too big: expected number to be <=1". */
export function problemsOf(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map(String).join('.')
    const message =
      issue.code === 'unrecognized_keys' ? `unknown member ${issue.keys.map((key) => quoteUntrusted(key)).join(', ')}` : issue.message
    return path === '' ? message : `${quoteUntrusted(path).slice(1, -1)}: ${message}`
  })
}

/** What an unknown thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
