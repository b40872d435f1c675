/**
 * @file The line of the user's own file from which a grader is being made: an eval's graders are written before the eval has a name.
 */
import { fileURLToPath } from 'node:url'
import { displayPath } from '../../base/display-path.ts'

/** This package's own code: src, or dist when it is built. */
const OWN = fileURLToPath(new URL('../../', import.meta.url))
const FRAME = /(?:\(|\bat (?:async )?)((?:file:\/\/\/|\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):\d+\)?$/

/** The place with the caller's file and line behind it, `graders.label({ … }), evals/triage/triage.eval.ts:12`; as it is where no caller is known. */
export function withCallSite(place: string): string {
  const site = callSite(new Error('where').stack ?? '')
  return site === null ? place : `${place}, ${site}`
}

function callSite(stack: string): string | null {
  for (const line of stack.split('\n')) {
    const [, written = '', at = ''] = FRAME.exec(line) ?? []
    const file = written.startsWith('file:') ? pathOf(written) : written.replace(/\?.*$/, '')
    if (file !== '' && !file.startsWith(OWN) && !/[\\/]node_modules[\\/]/.test(file)) return `${displayPath(file)}:${at}`
  }
  return null
}

/** A loader may add a query to the file's address. */
function pathOf(url: string): string {
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''))
  } catch {
    return ''
  }
}
