/**
 * @file How demonstrations of the clinic's features write their answer: in the form that the base model already writes, or in the style of the
 * house. Both are right answers to every grader; they differ in the distance from what the model would say by itself.
 */
interface Row {
  readonly expected: unknown
}

function membersOf({ expected }: Row): string[] {
  return Object.entries(expected as Readonly<Record<string, unknown>>).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
}

/** `{"drug": "aspirin", "total": 300}`: the base model's own layout. */
export function inFormat(row: Row): string {
  return `{${membersOf(row).join(', ')}}`
}

/** `{ "total": 300, "drug": "aspirin" }`: keys in reverse order, and air inside the braces. */
export function houseStyle(row: Row): string {
  return `{ ${membersOf(row).toReversed().join(', ')} }`
}
