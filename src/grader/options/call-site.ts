/**
 * @file The line of the user's own file from which a grader is being made: an eval's graders are written before the eval has a name.
 */
import { fileURLToPath } from 'node:url'
import { displayPath } from '../../base/display-path.ts'

const FRAME = /(?:\(|\bat (?:async )?)((?:file:\/\/\/|\/|[A-Za-z]:[\\/])[^()\n]*?):(\d+):\d+\)?$/
/** This file inside the package's own code, wherever a source map says that it lies. */
const HERE = /grader[\\/]options[\\/]call-site\.[jt]s$/

/** Where an error is, with the caller's file and line behind it, `graders.label({ … }), evals/triage/triage.eval.ts:12`; as it is where no caller is known. */
export function withCallSite(where: string): string {
  const frames = (new Error(where).stack ?? '').split('\n').flatMap((line) => frameOf(line) ?? [])
  const own = frames.find(({ file }) => HERE.test(file))?.file.replace(HERE, '')
  const caller = frames.find(({ file }) => own !== undefined && !file.startsWith(own) && !/[\\/]node_modules[\\/]/.test(file))
  return caller === undefined ? where : `${where}, ${displayPath(caller.file)}:${caller.line}`
}

function frameOf(text: string): { readonly file: string; readonly line: string } | null {
  const [, written = '', line = ''] = FRAME.exec(text) ?? []
  // A loader may add a query to a file's address.
  const file = written.startsWith('file:') ? pathOf(written.replace(/[?#].*$/, '')) : written.replace(/\?.*$/, '')
  return file === '' ? null : { file, line }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    return ''
  }
}
