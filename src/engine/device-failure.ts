/**
 * @file What the runtime says when a device fails, as errors that name the operator, the node and the remedy. It reads the runtime's words and
 * calls nothing.
 */
import { DeviceFailedError, DeviceUnavailableError, DeviceUnsupportedError } from './errors.ts'

const NO_DEVICE = /failed to get a webgpu (adapter|device)|no supported adapters|backend not found|provider.*not (supported|available)/i
const NO_KERNEL = /could not find an implementation for ([\w.]+)(?:\([\d]+\))? node with name '([^']*)'/i
const FAILED_NODE = /while running ([\w.]+) node\. Name:'([^']*)'(?: Status Message: ([^]*))?/i

/** The error for what the runtime threw while it opened or ran a graph on `device`. */
export function deviceFailure(device: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (NO_DEVICE.test(message)) return new DeviceUnavailableError({ device, problem: lastSentence(message) }, { cause: error })
  const missing = NO_KERNEL.exec(message)
  if (missing)
    return new DeviceUnsupportedError(
      { device, operator: missing[1] ?? '', node: missing[2] ?? '', problem: 'it has no kernel for it' },
      { cause: error },
    )
  const failed = FAILED_NODE.exec(message)
  if (failed)
    return new DeviceUnsupportedError(
      { device, operator: failed[1] ?? '', node: failed[2] ?? '', problem: lastSentence(failed[3] ?? message) },
      { cause: error },
    )
  return new DeviceFailedError({ device, problem: lastSentence(message) }, { cause: error })
}

/** What a message says in the end, without the runtime's source paths and function names before it. */
function lastSentence(message: string): string {
  const lines = message.trim().split('\n')
  const text = (lines.at(-1) ?? '').replace(/^.* was false\. /, '').replace(/^\S*onnxruntime\S*:\d+ /, '')
  return text.trim() === '' ? 'no reason given' : text.trim()
}
