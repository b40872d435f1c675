import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { renderReport } from '../../src/report/render-report.ts'
import { reportDocumentSchema } from '../../src/report/document.ts'
import { temporaryFolder } from './temporary-run.ts'

const EXAMPLE = fileURLToPath(new URL('../../reports/example', import.meta.url))
const DATA = /<script type="application\/json" id="case-data" data-encoding="([\w-]+)">([^<]*)<\/script>/

/** The page without its data, and the data: compressed bytes depend on the compressor's version, what they hold does not. */
function partsOf(html: string): { page: string; cases: unknown } {
  const [whole, encoding, text] = DATA.exec(html) ?? ['', '', '']
  const json = encoding === 'deflate-raw' ? inflateRawSync(Buffer.from(text ?? '', 'base64')).toString('utf8') : (text ?? '')
  return { page: html.replace(whole, ''), cases: JSON.parse(json) }
}

test.skipIf(!existsSync(join(EXAMPLE, 'plan.json')))('renderReport() gives the committed example again from its records', async () => {
  const directory = temporaryFolder()
  cpSync(EXAMPLE, directory, { recursive: true })
  const paths = await renderReport(directory)
  const committed = partsOf(readFileSync(join(EXAMPLE, 'report.html'), 'utf8'))
  const rendered = partsOf(readFileSync(paths.htmlPath, 'utf8'))
  expect(rendered.page === committed.page, 'the page differs from reports/example/report.html').toBe(true)
  expect(rendered.cases).toEqual(committed.cases)
  const json = readFileSync(join(EXAMPLE, 'report.json'), 'utf8')
  expect(readFileSync(paths.jsonPath, 'utf8')).toBe(json)
  expect(reportDocumentSchema.parse(JSON.parse(json)).schemaVersion).toBe(1)
})
