/** @file A method with its defaults, from settings as a suite file writes them. */
import type { MethodSpec } from '../../src/method/method-spec.ts'
import { readMethod } from '../../src/method/read-method.ts'

export function methodOf(written: object): MethodSpec {
  const read = readMethod(written as Readonly<Record<string, unknown>>)
  if ('method' in read) return read.method
  throw new TypeError(JSON.stringify(read))
}
