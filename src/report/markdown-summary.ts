/**
 * @file The report as a Markdown comment for a pull request: the outcome, what the sections have to say there, and which run it was.
 */
import type { ReportDocument } from './document.ts'
import { markdownText } from './markdown-text.ts'
import { SECTIONS } from './section-list.ts'

/** The summary; ends with a line feed. */
export function markdownSummary(document: ReportDocument): string {
  const { suite, base, method } = document
  const blocks = SECTIONS.flatMap((section) => ('markdown' in section ? section.markdown(document) : []))
  const footer = `Run ${markdownText(document.run)}, suite ${markdownText(suite.name)} (${suite.hash}), base ${markdownText(base.name)} (${base.hash}), alpha ${method.alpha}, seed ${method.seed}.`
  return `${[`## ${markdownText(document.headline)}`, ...blocks, footer].join('\n\n')}\n`
}
