/**
 * @file Tokens that a server counted, and what they cost at the user's prices. It knows no prices of its own: they change.
 */
import { z } from 'zod'
import type { TokenUsage } from '../eval/completion.ts'
import { PricesInvalidError } from './errors.ts'

/** Prices in any currency for a million tokens. */
export interface TokenPrice {
  readonly promptPerMillion: number
  readonly completionPerMillion: number
}

export const NO_USAGE: TokenUsage = { promptTokens: 0, completionTokens: 0 }

const amount = z.number().min(0)
const pricesSchema = z.record(z.string(), z.strictObject({ promptPerMillion: amount, completionPerMillion: amount }))

/** Both together; a completion without counted tokens adds nothing. */
export function addUsage(sum: TokenUsage, usage: TokenUsage | undefined): TokenUsage {
  if (usage === undefined) return sum
  return {
    promptTokens: sum.promptTokens + usage.promptTokens,
    completionTokens: sum.completionTokens + usage.completionTokens,
  }
}

/** What tokens cost, in the currency of the price. */
export function costOf(usage: TokenUsage, price: TokenPrice): number {
  return (usage.promptTokens * price.promptPerMillion + usage.completionTokens * price.completionPerMillion) / 1_000_000
}

/**
 * The price of a model in `HOLDFAST_PRICES`, a JSON object from model references (or the server's names) to prices; null where it names none.
 * @throws PricesInvalidError
 */
export function priceOf(reference: string, prices: string | undefined = process.env['HOLDFAST_PRICES']): TokenPrice | null {
  if (prices === undefined || prices.trim() === '') return null
  const known = readPrices(prices)
  const name = reference.slice(reference.indexOf('#') + 1)
  const found = [reference, name].find((key) => Object.hasOwn(known, key))
  return found === undefined ? null : (known[found] as TokenPrice)
}

function readPrices(text: string): Readonly<Record<string, TokenPrice>> {
  try {
    return pricesSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new PricesInvalidError({}, { cause })
  }
}
