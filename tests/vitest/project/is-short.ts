/** @file What a custom grader of the suite calls: vitest and the command line compile the call differently. */

/** Whether an answer is short. */
export function isShort(text: string): boolean {
  return text.length < 10
}
