/**
 * @file Puts the page together: template with escaping on, style, script and data inline, and a content security policy that names the
 * style and the script by hash, so that nothing a model wrote could run even if it got into the page.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { InternalError } from '../base/errors.ts'
import type { encodePayload } from './sections/cases/data.ts'
import type { PageView } from './page-view.ts'

const SECTIONS = ['verdict', 'evals', 'heat-map', 'curves', 'watch', 'cases', 'forgetting', 'method', 'cost'] as const
const PARTIALS = [
  'verdict',
  'evals',
  'heat-map',
  'curves',
  'watch',
  'stopped',
  'completion',
  'cases',
  'forgetting',
  'method',
  'cost',
] as const
/** In cascade order: base, sections, then small screens and print. */
const STYLES = ['page', 'verdict', 'evals', 'heat-map', 'curves', 'cases', 'method', 'narrow'] as const
/** Only in pages that show a watched training, so that other pages keep their bytes. */
const WATCH_STYLE = 'watch'
/** In the order in which they are joined; later files use names of earlier ones. */
const SCRIPTS = ['visible-text', 'word-diff', 'read-payload', 'filter-cases', 'case-detail', 'case-list', 'start'] as const

/** The whole page as HTML text. Equal input gives equal bytes. */
export function renderPage(view: PageView, payload: ReturnType<typeof encodePayload>): string {
  const handlebars = Handlebars.create()
  for (const name of PARTIALS) handlebars.registerPartial(name, asset(`${name}.hbs`))
  handlebars.registerPartial('interval-figure', asset('interval-figure.hbs'))
  handlebars.registerPartial('line-figure', asset('line-figure.hbs'))
  handlebars.registerHelper('is', (value: unknown, other: unknown) => value === other)
  const template = handlebars.compile<unknown>(asset('page.hbs'), { strict: true, assumeObjects: true })
  const styles = view.watched.length + view.stops.length === 0 ? STYLES : [...STYLES, WATCH_STYLE]
  const style = inlineText(styles.map((name) => asset(`${name}.css`)).join(''), 'style')
  const script = inlineText(pageScript(), 'script')
  if (payload.text.includes('<')) throw new InternalError('the case payload holds an unescaped "<"', 'src/report/render-page.ts')
  return template({ ...view, style, script, styleHash: contentHash(style), scriptHash: contentHash(script), payload })
}

/** The page's script: its modules joined in order inside one function, without their import and export words. */
export function pageScript(): string {
  const bodies = SCRIPTS.map((name) =>
    asset(`${name}.js`)
      .replace(/^import .*\n/gm, '')
      .replace(/^export /gm, ''),
  )
  return `(() => {\n'use strict'\n${bodies.join('\n')}\n})()\n`
}

/** An asset of the page or of a section: its name is its own among all of them. */
function asset(name: string): string {
  const folder = ['page', ...SECTIONS.map((section) => `sections/${section}`)].find((each) => existsSync(assetUrl(each, name)))
  if (folder === undefined) throw new InternalError(`the page has no asset "${name}"`, 'src/report/render-page.ts')
  return readFileSync(assetUrl(folder, name), 'utf8').replaceAll('\r\n', '\n')
}

function assetUrl(folder: string, name: string): URL {
  return new URL(`./${folder}/${name}`, import.meta.url)
}

/** Text that stands unescaped in an element of ours: it must not be able to end that element. */
function inlineText(text: string, element: 'style' | 'script'): string {
  if (/<\/|<!--/.test(text)) throw new InternalError(`the page's ${element} holds "</" or "<!--"`, 'src/report/page')
  return text
}

function contentHash(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}
