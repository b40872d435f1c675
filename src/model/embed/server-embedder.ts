/**
 * @file Texts to vectors by a server's /embeddings, in the words of OpenAI's interface.
 */
import { z } from 'zod'
import { ServerUnreachableError } from '../server/errors.ts'
import { askServer } from '../chat/ask-server.ts'
import type { ChatAccess } from '../chat/ask-server.ts'
import type { Embedder } from './embedder.ts'

const answerSchema = z.object({ data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })) })

/**
 * An embedder over a served name.
 * @throws ServerUnreachableError (from embed) where the server gives no vectors, and the errors of `askServer`
 */
export function createServerEmbedder({ access, name }: { readonly access: ChatAccess; readonly name: string }): Embedder {
  return {
    embed: async (texts) => {
      const read = (json: unknown): { readonly vectors: readonly Float32Array[] } | { readonly problem: string } => {
        const parsed = answerSchema.safeParse(json)
        if (!parsed.success) return { problem: 'it is no list of embeddings' }
        const rows = parsed.data.data.toSorted((a, b) => a.index - b.index)
        const isWhole = rows.length === texts.length && rows.every(({ index }, i) => index === i)
        return isWhole
          ? { vectors: rows.map(({ embedding }) => Float32Array.from(embedding)) }
          : { problem: 'it has not one embedding a text' }
      }
      const asked = await askServer(access, { path: '/embeddings', body: { model: name, input: texts }, read })
      if ('failure' in asked) throw new ServerUnreachableError({ where: `${access.url}/embeddings`, reason: asked.failure.reason })
      return asked.answer.vectors
    },
    close: () => Promise.resolve(),
  }
}
