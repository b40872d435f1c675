/**
 * @file Puts the page together: each section's template with escaping on, style, script and data inline, and a content security policy that names
 * the style and the script by hash, so that nothing a model wrote could run even if it got into the page.
 */
import { createHash } from 'node:crypto'
import Handlebars from 'handlebars'
import { InternalError } from '../base/errors.ts'
import type { ReportDocument } from './document.ts'
import { pageAssets } from './page-assets.ts'
import type { EmbeddedData } from './section.ts'
import { SECTIONS } from './section-list.ts'
import { overallMark } from './sections/verdict/view.ts'
import { visibleData } from './visible-text.ts'

/** The whole page as HTML text. Equal input gives equal bytes. */
export function renderPage(document: ReportDocument, embedded: readonly EmbeddedData[]): string {
  const shown = SECTIONS.flatMap(({ name, title, view }) => {
    const data = view(document)
    return data === null ? [] : [{ name, title, data: visibleData(data) }]
  })
  const assets = pageAssets(
    SECTIONS.map(({ name }) => name),
    shown.map(({ name }) => name),
  )
  for (const { id, text } of embedded)
    if (text.includes('<')) throw new InternalError(`the data "${id}" hold an unescaped "<"`, 'src/report')
  const render = renderer(assets.templates)
  const sections = shown.map(({ name, title, data }) => ({ name, title, html: render(name, data) }))
  const [style, script] = [inlineText(assets.style, 'style'), inlineText(assets.script, 'script')]
  return render('page', {
    ...visibleData({ title: `${document.suite.name} · ${document.run}`, version: document.method.holdfastVersion }),
    symbol: overallMark(document).symbol,
    schemaVersion: document.schemaVersion,
    above: sections.filter(({ title }) => title === null),
    sections: sections.filter(({ title }) => title !== null),
    embedded,
    ...{ style, script, styleHash: contentHash(style), scriptHash: contentHash(script) },
  })
}

function renderer(templates: ReadonlyMap<string, string>): (name: string, data: object) => string {
  const handlebars = Handlebars.create()
  handlebars.registerHelper('is', (value: unknown, other: unknown) => value === other)
  for (const [name, text] of templates) handlebars.registerPartial(name, text)
  return (name, data) => {
    const text = templates.get(name)
    if (text === undefined) throw new InternalError(`there is no template "${name}.hbs"`, 'src/report')
    return handlebars.compile<unknown>(text, { strict: true, assumeObjects: true })(data)
  }
}

/** Text that stands unescaped in an element of ours: it must not be able to end that element. */
function inlineText(text: string, element: 'style' | 'script'): string {
  if (/<\/|<!--/.test(text)) throw new InternalError(`the page's ${element} holds "</" or "<!--"`, 'src/report')
  return text
}

function contentHash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}
