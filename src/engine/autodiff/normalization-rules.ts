/**
 * @file Gradients of RMS normalisation and rotary position embedding, written out by hand in as few passes over the rows as they need.
 */
import { mul, neg, sub } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { gemm } from '../graph/matrix.ts'
import { reshape } from '../graph/movement.ts'
import { rotaryEmbedding } from '../graph/normalization.ts'
import { reduceMean } from '../graph/reduction.ts'
import { productDim } from '../graph/shape.ts'
import { type BackwardStep, type GradientRules, gradient, input, output, wanted } from './rule.ts'

export const NORMALIZATION_RULES: GradientRules = {
  SimplifiedLayerNormalization: (step) => [wanted(step, 0, () => rmsNormInput(step)), wanted(step, 1, () => rmsNormScale(step))],
  RotaryEmbedding: (step) => [wanted(step, 0, () => rotateBack(step)), undefined, undefined, undefined],
}

/** With y = x r w and r = 1 / rms(x): dx = r (dy w) - x r² mean(dy y). */
function rmsNormInput(step: BackwardStep): Value {
  const [x, scale, dy, inverseRms] = [input(step, 0), input(step, 1), gradient(step), output(step, 1)]
  const projection = reduceMean(mul(dy, output(step)), { axes: [-1] })
  const pull = mul(mul(inverseRms, inverseRms), projection)
  return sub(mul(mul(dy, scale), inverseRms), mul(x, pull))
}

/** dw = Σ over rows of dy x r, as one product with the column of r. */
function rmsNormScale(step: BackwardStep): Value {
  const [x, scale, dy, inverseRms] = [input(step, 0), input(step, 1), gradient(step), output(step, 1)]
  const rows = productDim(x.shape.slice(0, -1))
  const width = scale.shape[0] as number
  const summed = gemm(reshape(inverseRms, [rows, 1]), reshape(mul(dy, x), [rows, width]), { transA: true })
  return reshape(summed, scale.shape)
}

/** The transpose of a rotation is the rotation by the opposite angle. */
function rotateBack(step: BackwardStep): Value {
  const [positions, cos, sin] = [input(step, 1), input(step, 2), input(step, 3)]
  const back = sin.graph.once(`negative ${sin.name}`, () => neg(sin))
  return rotaryEmbedding(gradient(step), { positions, cos, sin: back })
}
