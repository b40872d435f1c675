/**
 * @file Muon: momentum whose direction is orthogonalised, for the matrices of hidden layers. Equal shapes are orthogonalised together.
 * Source: Keller Jordan et al., "Muon" (2024): Nesterov momentum, update scaled by √max(1, rows / columns), decoupled weight decay.
 */
import { type OptimizerState, momentOf } from './optimizer-state.ts'
import type { TensorUpdate } from './adamw.ts'

export interface MuonSettings {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
}

export interface MatrixUpdate extends TensorUpdate {
  readonly shape: readonly number[]
}

/** `count` matrices of `rows` times `columns` that lie one after another. */
export interface MatrixStack {
  readonly count: number
  readonly rows: number
  readonly columns: number
}

/** Brings the singular values of every matrix near 1. */
export type Orthogonalize = (matrices: Float32Array, stack: MatrixStack) => Promise<Float32Array>

/** Changes every matrix in place. Gives the squared L2 norm of the change. */
export async function muonUpdate(
  state: OptimizerState,
  updates: readonly MatrixUpdate[],
  { settings, orthogonalize }: { readonly settings: MuonSettings; readonly orthogonalize: Orthogonalize },
): Promise<number> {
  let squaredChange = 0
  for (const group of groupByShape(updates)) {
    const [rows = 0, columns = 0] = group[0]?.shape ?? []
    const directions = new Float32Array(group.length * rows * columns)
    group.forEach((update, i) =>
      momentumDirection(state, update, { momentum: settings.momentum, into: directions.subarray(i * rows * columns) }),
    )
    const orthogonal = await orthogonalize(directions, { count: group.length, rows, columns })
    const stepSize = settings.learningRate * Math.sqrt(Math.max(1, rows / columns))
    group.forEach(({ data }, i) => {
      squaredChange += applyDirection(data, orthogonal.subarray(i * data.length), {
        stepSize,
        keep: 1 - settings.learningRate * settings.weightDecay,
      })
    })
  }
  return squaredChange
}

function groupByShape(updates: readonly MatrixUpdate[]): readonly (readonly MatrixUpdate[])[] {
  const groups = new Map<string, MatrixUpdate[]>()
  for (const update of updates) {
    const key = update.shape.join()
    groups.set(key, [...(groups.get(key) ?? []), update])
  }
  return [...groups.values()]
}

/** m ← μ m + (1 - μ) g; the direction looks one step ahead: (1 - μ) g + μ m. */
function momentumDirection(
  state: OptimizerState,
  update: MatrixUpdate,
  { momentum, into }: { momentum: number; into: Float32Array },
): void {
  const average = momentOf(state, `${update.name}.momentum`, update.data.length)
  for (let i = 0; i < average.length; i++) {
    const g = (update.gradient[i] as number) * update.gradientScale
    const m = momentum * (average[i] as number) + (1 - momentum) * g
    average[i] = m
    into[i] = (1 - momentum) * g + momentum * m
  }
}

function applyDirection(data: Float32Array, direction: Float32Array, { stepSize, keep }: { stepSize: number; keep: number }): number {
  let squaredChange = 0
  for (let i = 0; i < data.length; i++) {
    const before = data[i] as number
    data[i] = before * keep - stepSize * (direction[i] as number)
    squaredChange += ((data[i] as number) - before) ** 2
  }
  return squaredChange
}
