/**
 * @file Judges before training whether an eval has enough gate cases for its margin. Uses the declared flip rate only: judged by the
 * candidate's own flips, a wrecked model would disarm its gate.
 */
import { formatParts } from '../base/errors.ts'
import type { ErrorParts } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { nonInferioritySampleSize, supportedMargin } from '../stats/sample-size.ts'
import type { TestDesign } from '../stats/sample-size.ts'

/** An eval's gate set as declared. */
export interface GateSet extends TestDesign {
  readonly evalName: string
  /** Gate cases. */
  readonly cases: number
  readonly margin: number
  readonly expectedFlips: number
  /** Where the cases stand, for the message. */
  readonly casesPath: string
  /** For example `r3/grpo`; leave out when the size is judged for the whole suite. */
  readonly round?: string | undefined
}

/** A warning value, in the three parts of an error; `text` is the whole message. */
export interface GateTooSmall extends ErrorParts {
  readonly code: 'GATE_TOO_SMALL'
  readonly text: string
}

/** Whether a gate set can carry its margin. */
export interface GateSize {
  /** Too small: the eval is shown and cannot block. */
  readonly advisory: boolean
  readonly neededN: number
  /** The smallest margin, as a share, that the cases do support. */
  readonly supportedMargin: number
  readonly warning: GateTooSmall | null
}

/** Judges a gate set at the declared flip rate and the policy's alpha and power. */
export function judgeGateSize(gate: GateSet): GateSize {
  const neededN = nonInferioritySampleSize(gate.expectedFlips, gate.margin, gate)
  const supported = supportedMargin(gate.cases, gate.expectedFlips, gate)
  const advisory = gate.cases < neededN
  return { advisory, neededN, supportedMargin: supported, warning: advisory ? warn(gate, neededN, supported) : null }
}

function warn(gate: GateSet, neededN: number, supported: number): GateTooSmall {
  const round = gate.round === undefined ? '' : ` in round ${quoteUntrusted(gate.round)}`
  const cases = `${gate.cases} gate ${gate.cases === 1 ? 'case' : 'cases'}`
  const parts = {
    code: 'GATE_TOO_SMALL' as const,
    summary:
      `Eval ${quoteUntrusted(gate.evalName)} is advisory${round}: it has ${cases}, ` +
      `a ${percent(gate.margin)}-point margin needs about ${roundUp(neededN)} at the declared ${percent(gate.expectedFlips)} % flips`,
    where: gate.casesPath,
    fix: `add gate cases, or widen gate.margin for this eval (${gate.cases} ${gate.cases === 1 ? 'case supports' : 'cases support'} about ${Math.ceil(supported * 100 - 0.5)} points)`,
  }
  return { ...parts, text: formatParts(parts) }
}

function percent(share: number): string {
  return String(Math.round(share * 1000) / 10)
}

/** To two digits, upwards: 248 is "about 250". */
function roundUp(n: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1)
  return Math.ceil(n / unit) * unit
}
