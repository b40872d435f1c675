/**
 * @file Case: one row of an eval, as a zod schema, because cases come from users' files. Knows nothing of prompts and graders.
 */
import { z } from 'zod'
import { isJsonValue } from '../base/json.ts'
import type { JsonValue } from '../base/json.ts'
import type { Message } from './completion.ts'
import { messageSchema } from './message-schema.ts'

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
  /** The conversation so far, asked after the eval's prompt: the graded completion is its next turn. Ends with a user's or a tool's turn. */
  readonly turns?: readonly Message[] | undefined
}

/** A case as users write it: role, tags and id may be left out (role by hash share, id from the row's content hash). */
export type CaseInput = Omit<Case, 'id' | 'role' | 'tags'> & {
  readonly id?: string | undefined
  readonly role?: Role | undefined
  readonly tags?: readonly string[] | undefined
}

// A check instead of z.json(): values are kept as they are, a "__proto__" key included, and checked in linear time.
const jsonValue = z.custom<JsonValue>(isJsonValue, 'is missing or not a JSON value')

export const caseInputSchema: z.ZodType<CaseInput> = z.strictObject({
  id: z.string().min(1).max(200).optional(),
  input: jsonValue,
  expected: jsonValue,
  role: z.enum(['train', 'dev', 'curve', 'gate', 'twin']).optional(),
  tags: z.array(z.string()).optional(),
  cluster: z.string().min(1).optional(),
  twinOf: z.string().min(1).optional(),
  chosen: z.string().optional(),
  rejected: z.string().optional(),
  thumb: z.enum(['up', 'down']).optional(),
  turns: z.array(messageSchema).min(1).optional(),
})
