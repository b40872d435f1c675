/**
 * @file JavaScript as a tree, and ways through it. It knows nothing of what the code means.
 */
import { parse } from 'acorn'
import type { AnyNode, Program } from 'acorn'

/** Null for source that cannot be parsed. */
export function parsed(javascript: string): Program | null {
  try {
    return parse(javascript, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true, allowHashBang: true })
  } catch {
    return null
  }
}

/** A node and all below it. */
export function* everyNode(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of childrenOf(node)) yield* everyNode(child)
}

export function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flatMap((member: unknown) => (Array.isArray(member) ? member : [member]).filter(isNode))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
