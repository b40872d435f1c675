/**
 * @file Case: one row of an eval, as a zod schema, because cases come from users' files. Knows nothing of prompts and graders.
 */
import { z } from 'zod'
import type { JsonValue } from '../base/json.ts'

/** What a case may be used for. `gate` cases are looked at once per round; `twin` cases are sealed paraphrases and never rewarded. */
export type Role = 'train' | 'dev' | 'curve' | 'gate' | 'twin'

export const ROLES: readonly Role[] = ['train', 'dev', 'curve', 'gate', 'twin']

/** One row of an eval. `cluster` groups cases that share a template or an entity; `chosen`, `rejected` and `thumb` are what people gave. */
export interface Case {
  readonly id: string
  readonly input: JsonValue
  readonly expected: JsonValue
  readonly role: Role
  readonly tags: readonly string[]
  readonly cluster?: string | undefined
  readonly twinOf?: string | undefined
  readonly chosen?: string | undefined
  readonly rejected?: string | undefined
  readonly thumb?: 'up' | 'down' | undefined
}

const jsonValue: z.ZodType<JsonValue> = z.json() as unknown as z.ZodType<JsonValue>

export const caseSchema: z.ZodType<Case> = z.strictObject({
  id: z.string().min(1).max(200),
  input: jsonValue,
  expected: jsonValue,
  role: z.enum(['train', 'dev', 'curve', 'gate', 'twin']),
  tags: z.array(z.string()).default([]),
  cluster: z.string().optional(),
  twinOf: z.string().optional(),
  chosen: z.string().optional(),
  rejected: z.string().optional(),
  thumb: z.enum(['up', 'down']).optional(),
}) as unknown as z.ZodType<Case>
