/**
 * @file The role of a case that names none.
 */
import { deriveSeed } from '../../base/seeded-random.ts'
import type { CaseInput, Role } from '../case.ts'
import type { RoleShares } from '../case-source.ts'

/** How cases without a role are shared out. Curve and twin cases are always chosen by hand. */
export const DEFAULT_SHARES: Readonly<Record<'train' | 'dev' | 'gate', number>> = { train: 0.5, dev: 0.1, gate: 0.4 }

/**
 * Role by a hash of the cluster, or of the id where there is none: cases of one template or entity stay on one side, and adding cases moves no other.
 */
export function defaultRole(row: CaseInput, id: string, shares: RoleShares = DEFAULT_SHARES): Role {
  const share = deriveSeed('role', row.cluster ?? id) / 2 ** 32
  const { train = 0, dev = 0 } = shares
  if (share < train) return 'train'
  if (share < train + dev) return 'dev'
  // Shares that add up to 1 may miss it by a rounding: a role that is not wanted must not appear.
  if ((shares.gate ?? 0) > 0) return 'gate'
  return dev > 0 ? 'dev' : 'train'
}
