/**
 * @file Which keys an object takes at a path of a zod schema, for messages that name the accepted ones.
 */

/** What is read of a schema, whatever version of zod made it. */
interface SchemaLike {
  readonly shape?: Readonly<Record<string, SchemaLike>>
  readonly def?: {
    readonly innerType?: SchemaLike
    readonly element?: SchemaLike
    readonly valueType?: SchemaLike
    readonly options?: readonly SchemaLike[]
  }
}

/** The keys of the object at a path; empty where there is none. Behind defaults, optional members, lists, records and unions. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<readonly SchemaLike[]>((all, key) => all.flatMap((one) => membersOf(one, key)), unwrapped(schema as SchemaLike))
  return [...new Set(found.flatMap(({ shape }) => Object.keys(shape ?? {})))]
}

function membersOf({ shape, def }: SchemaLike, key: PropertyKey): readonly SchemaLike[] {
  const member = shape === undefined ? (def?.element ?? def?.valueType) : shape[String(key)]
  return unwrapped(member)
}

/** A union's options, each without what stands around it. */
function unwrapped(schema: SchemaLike | undefined): readonly SchemaLike[] {
  if (schema === undefined) return []
  if (schema.def?.options !== undefined) return schema.def.options.flatMap(unwrapped)
  return schema.def?.innerType === undefined ? [schema] : unwrapped(schema.def.innerType)
}
