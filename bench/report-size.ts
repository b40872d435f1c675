/**
 * @file Measures the report at 100,000 graded cases: rendering time, file size, first paint, time to the first filtered list and the time
 * of filters, in a real Chromium. Run: npm run bench:report
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { renderReport } from '../src/report/render-report.ts'
import { makeRecordedRun } from '../tests/report/make-recorded-run.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-report-'))
const print = (line: string): void => void process.stdout.write(`${line}\n`)

// Outputs end in 60 random characters each: real outputs repeat more and compress better.
// 5 evals x 1,250 cases x (base + 5 arms x 3 rounds) = 100,000 grades.
makeRecordedRun(directory, { gateCases: 1250, uniqueCharacters: 60, arms: ['sft', 'raft', 'grpo', 'sft-hot', 'candidate'] })
const started = performance.now()
const { htmlPath } = await renderReport(directory)
print(`render        ${((performance.now() - started) / 1000).toFixed(1)} s`)
print(`size          ${(statSync(htmlPath).size / 1e6).toFixed(2)} MB (target 15)`)
try {
  if (existsSync(CHROMIUM)) await inChromium()
  else print(`no Chromium at ${CHROMIUM}: paint and filter times are left out`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function inChromium(): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-chromium-'))
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
  const browser = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, headless: true, args })
  const page = await browser.newPage()
  page.setDefaultTimeout(300_000)
  await page.goto(pathToFileURL(htmlPath).href)
  await page.locator('#browser').waitFor()
  const paint = `performance.getEntriesByName('first-contentful-paint')[0].startTime`
  print(`first paint   ${Math.round(await page.evaluate<number>(paint))} ms (target 1000)`)
  print(`cases ready   ${Math.round(await page.evaluate<number>('performance.now()'))} ms`)
  print(`filter, first ${await filterMs(page)} ms`)
  await timed(page, 'eval', () => page.selectOption('#filter-eval', 'refill'))
  await timed(page, 'arm', () => page.selectOption('#filter-arm', 'grpo'))
  await timed(page, 'reset', () => page.click('#filter-reset'))
  await timed(page, 'all rows', () => page.click('.quadrants [data-quadrant=kept]'))
  await timed(page, 'text, first', () => page.fill('#filter-text', 'medicine'))
  await timed(page, 'text, next', () => page.fill('#filter-text', 'metformin'))
  await browser.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
}

async function timed(page: Page, name: string, act: () => Promise<unknown>): Promise<void> {
  await act()
  await page.waitForTimeout(500)
  print(`filter ${name.padEnd(12)} ${await filterMs(page)} ms (target 100)`)
}

async function filterMs(page: Page): Promise<string> {
  return (await page.locator('#browser').getAttribute('data-filter-ms')) ?? '?'
}
