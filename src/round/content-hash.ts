/**
 * @file What identifies an eval's cases for a run: everything of them that can change a training or a verdict.
 */
import { hashJson } from '../base/hash.ts'
import type { Case } from '../eval/case.ts'
import { hashJsonList, setHash } from '../eval/case-hashes.ts'
import { casesWithRole } from '../eval/cases/case-list.ts'
import type { Eval } from '../eval/eval.ts'
import type { Suite } from '../suite/checked-suite.ts'
import { demonstrationOf, stagesOf } from '../method/method-spec.ts'

/** Of all cases, whatever their role, with what the suite's arms show of them. 16 hexadecimal characters. */
export function contentHash(definition: Eval, suite: Pick<Suite, 'arms'>): string {
  return hashJson([setHash(definition.cases), hashJsonList(rowsOf(definition)), hashJsonList(demonstrationsOf(definition, suite))])
}

/** Everything of the cases besides their contents that can change a training or a verdict, in the order in which they are trained on. */
function* rowsOf({ cases, messages }: Eval): Generator {
  for (const { id, role, cluster, tags, chosen, rejected, thumb } of cases)
    yield [id, role, messages.get(id), cluster ?? null, tags, chosen ?? null, rejected ?? null, thumb ?? null]
}

/** What the arms' demonstrations show: the functions that write them are code, of which only the results are known. */
function* demonstrationsOf(definition: Eval, { arms }: Pick<Suite, 'arms'>): Generator {
  const methods = arms.flatMap((arm) => arm.methods[definition.name] ?? [])
  const styles = new Set(methods.flatMap(stagesOf).flatMap((stage) => demonstrationOf(stage) ?? []))
  for (const style of [...styles].toSorted())
    for (const row of casesWithRole(definition.cases, 'train')) yield [style, row.id, demonstrate(definition, style, row)]
}

/** A function that throws is told of when it is trained with. */
function demonstrate({ demonstrations }: Eval, style: string, row: Case): string | null {
  try {
    return demonstrations[style]?.(row) ?? null
  } catch {
    return null
  }
}
