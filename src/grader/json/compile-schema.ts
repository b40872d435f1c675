/**
 * @file Compiles JSON schemas with ajv, so that none of their patterns can backtrack on what a model wrote.
 */
import { Ajv } from 'ajv'
import type { Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isHoldfastError } from '../../base/errors.ts'
import type { JsonValue } from '../../base/json.ts'
import { JsonSchemaUnusableError } from '../errors.ts'
import { compilePattern } from '../text/linear-pattern.ts'

/** Whether a value is what the schema allows. @throws JsonSchemaUnusableError, PatternUnusableError */
export function compileSchema(schema: JsonValue, where: string): (value: unknown) => boolean {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
    throw new JsonSchemaUnusableError(where, 'a schema is an object, true or false')
  try {
    const ajv = ajvFor(schema, where)
    addFormats.default(ajv, { mode: 'fast' })
    const validate = ajv.compile(schema as boolean | Record<string, unknown>)
    return (value) => validate(value)
  } catch (error) {
    if (isHoldfastError(error)) throw error
    throw new JsonSchemaUnusableError(where, error instanceof Error ? error.message : String(error))
  }
}

function ajvFor(schema: JsonValue, where: string): Ajv {
  const draft = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema['$schema'] : ''
  const settings: Options = { strict: false, logger: false, code: { regExp: linearRegExp(where) } }
  if (typeof draft !== 'string' || !/draft-07|draft\/2019/.test(draft)) return new Ajv2020(settings)
  return draft.includes('2019') ? new Ajv2019(settings) : new Ajv(settings)
}

/** What ajv calls instead of `new RegExp`. Its code is only needed for standalone modules, which are never made here. */
function linearRegExp(where: string): NonNullable<NonNullable<Options['code']>['regExp']> {
  const engine = (pattern: string): { readonly test: (text: string) => boolean; readonly toString: () => string } => {
    const { test } = compilePattern({ pattern }, where)
    // ajv keeps one pattern for each text that toString gives.
    return { test, toString: () => pattern }
  }
  return Object.assign(engine, { code: 'new RegExp' })
}
