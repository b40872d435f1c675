/**
 * @file The heat-map of each arm as the template draws it: a step of shade for each cell, an arrow for its change, a mark for where its round stands.
 */
import { directionSymbol, MISSING, sharePoints, signedPoints } from '../../number-text.ts'
import { outcomeMark } from '../../outcome-mark.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { Section } from '../../section.ts'
import type { MethodMembers } from '../method/data.ts'
import type { VerdictMembers } from '../verdict/data.ts'
import { heatMapData } from './data.ts'
import type { HeatMapMembers, MatrixCell, Standing } from './data.ts'

interface CellView {
  readonly share: string
  readonly change: string
  readonly symbol: string
  /** 0 to 10: the shade; "none" where nothing was graded. */
  readonly shade: string
  /** Style class. */
  readonly standing: Standing
  readonly title: string
}

export interface MatrixView {
  readonly arm: string
  readonly role: string
  readonly columns: readonly { readonly name: string; readonly retention: boolean; readonly firstRetention: boolean }[]
  readonly rows: readonly { readonly label: string; readonly mark: Mark | null; readonly cells: readonly CellView[] }[]
}

/** One heat-map an arm, all on one scale from 0 to 100 points. */
export function heatMapView(document: HeatMapMembers & VerdictMembers & Pick<MethodMembers, 'evals'>): { readonly matrices: MatrixView[] } {
  const firstRetention = document.evals.findIndex((each) => each.kind === 'retention')
  const matrices = document.matrices.map((matrix) => ({
    arm: matrix.arm,
    role: document.arms.find((arm) => arm.name === matrix.arm)?.role ?? 'candidate',
    columns: document.evals.map((each, at) => ({
      name: each.name,
      retention: each.kind === 'retention',
      firstRetention: at === firstRetention,
    })),
    rows: matrix.rows.map((row) => ({
      label: row.label,
      mark: row.outcome === null ? null : outcomeMark(row.outcome),
      cells: row.cells.map((cell) => cellView(cell, row.label)),
    })),
  }))
  return { matrices }
}

export const heatMap = { name: 'heat-map', title: 'Heat-map', data: heatMapData, view: heatMapView } satisfies Section

function cellView(cell: MatrixCell, row: string): CellView {
  const change = cell.change === null ? '' : signedPoints(cell.change)
  const standing = cell.place === 'future' ? ', not yet a feature' : cell.place === 'diagonal' ? ', own round' : ''
  return {
    share: cell.passShare === null ? MISSING : sharePoints(cell.passShare),
    change,
    symbol: cell.change === null ? '' : directionSymbol(cell.change),
    shade: cell.passShare === null ? 'none' : String(Math.round(cell.passShare * 10)),
    standing: cell.place,
    title: `${cell.eval} after ${row}${standing}: ${sharePoints(cell.passShare)} of 100 passed (${cell.n} graded)${change === '' ? '' : `, ${change} against parent`}`,
  }
}
