import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { renderReport } from '../../src/report/render-report.ts'
import { visibleText } from '../../src/report/visible-text.ts'
import { makeRecordedRun } from './make-recorded-run.ts'
import type { RecordedRunOptions } from './make-recorded-run.ts'
import { makeHacking, writeWatch } from './recorded-watch.ts'
import { HOSTILE, temporaryFolder } from './temporary-run.ts'

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
/** Long, because a busy machine is not a broken report. */
const TIMEOUT_MS = 240_000
if (EXECUTABLE === undefined) process.stderr.write('report.html in Chromium: skipped, no Chromium at /usr/bin/chromium\n')

describe.skipIf(EXECUTABLE === undefined)('report.html in Chromium', () => {
  let browser: BrowserContext
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-chromium-'))

  beforeAll(async () => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
    browser = await chromium.launchPersistentContext(profile, { executablePath: EXECUTABLE ?? '', headless: true, args })
  }, TIMEOUT_MS)

  afterAll(async () => {
    await browser.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })

  async function open(
    options: RecordedRunOptions,
    change: (directory: string) => void = () => undefined,
  ): Promise<{ page: Page; complaints: string[] }> {
    const directory = temporaryFolder()
    makeRecordedRun(directory, options)
    change(directory)
    const url = pathToFileURL((await renderReport(directory)).htmlPath).href
    const page = await browser.newPage()
    page.setDefaultTimeout(TIMEOUT_MS)
    onTestFinished(() => page.close())
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`)
    })
    await page.goto(url)
    await page.locator('#browser').waitFor()
    return { page, complaints }
  }

  test(
    'report.html opens on lost cases, and filters, search and keyboard move through them',
    async () => {
      const { page, complaints } = await open({ gateCases: 60, arms: ['sft', 'sft-hot'] })
      const count = page.locator('#case-count')
      expect(await page.locator('.quadrants [aria-pressed=true]').getAttribute('data-quadrant')).toBe('lost')
      const all = await count.textContent()
      await page.selectOption('#filter-arm', 'sft-hot')
      await page.selectOption('#filter-round', '01-refill')
      await page.selectOption('#filter-eval', 'general-json')
      const few = await count.textContent()
      expect(few).not.toBe(all)
      const stated = await page
        .locator('.count[data-quadrant=lost][data-model="01-refill--sft-hot"][data-eval="general-json"]')
        .textContent()
      expect(few).toBe(`${stated} of 1,800 graded cases`)
      const first = await page.locator('#case-detail h3').textContent()
      await page.locator('#case-list').focus()
      await page.keyboard.press('ArrowDown')
      expect(await page.locator('#case-detail h3').textContent()).not.toBe(first)
      expect(await page.locator('.row[aria-selected=true]').count()).toBe(1)
      expect(await page.locator('#case-detail').textContent()).toContain('passed with its parent, fails now')
      await page.fill('#filter-text', 'nothing holds these words')
      await expect.poll(() => count.textContent()).toBe('0 of 1,800 graded cases')
      await page.click('#filter-reset')
      expect(await count.textContent()).toBe(all)
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'report.html leads from a count in the table to exactly those cases',
    async () => {
      const { page, complaints } = await open({ gateCases: 120, arms: ['sft-hot'] })
      const button = page.locator('.arm-round[open] .count[data-quadrant=lost][data-eval="general-text"]').first()
      const stated = await button.textContent()
      await button.click()
      expect(await page.locator('#case-count').textContent()).toBe(`${stated} of 1,800 graded cases`)
      expect(await page.locator('#case-list').evaluate((list) => list.matches(':focus'))).toBe(true)
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'report.html runs nothing that a model, a case or a suite wrote, and shows it as text',
    async () => {
      const { page, complaints } = await open({ gateCases: 20, features: 1, arms: ['sft-hot'], hostile: HOSTILE })
      for (const row of [0, 1, 2]) await page.locator('.row').nth(row).click()
      expect(await page.evaluate('window.ran')).toBeUndefined()
      expect(await page.locator('img').count()).toBe(0)
      expect(await page.locator('#case-detail').textContent()).toContain('<img src=x onerror="window.ran=1">')
      expect(await page.locator('body').textContent()).not.toContain('\u202e')
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'report.html shows the completions of a stopped training as text, and the keyboard opens the long ones',
    async () => {
      const long = `${'x'.repeat(600)}\n${HOSTILE}`
      const script = `<script>window.ran=1</script>\r\n"double" 'single' </pre></aside>`
      const { page, complaints } = await open({ gateCases: 20, features: 1, arms: ['grpo'] }, (directory) => {
        const reason = `at step 100 "${HOSTILE}" fell`
        const hacking = { ...makeHacking([HOSTILE, script, long, 'fourth']), reason }
        writeWatch({ directory, round: '01-refill', arm: 'grpo' }, hacking)
      })
      const box = page.locator('.arm-round[open] .stop')
      expect(await box.isVisible()).toBe(true)
      expect(await box.locator('pre').nth(0).textContent()).toBe(visibleText(HOSTILE))
      expect(await box.locator('pre').nth(1).textContent()).toBe(visibleText(script).replace('\n', '↵\n'))
      expect(await page.evaluate('window.ran')).toBeUndefined()
      expect(await page.locator('img').count()).toBe(0)
      expect(await page.locator('script').count()).toBe(2)
      // The page's own script is text of the body too, and names the characters that it replaces by their escapes.
      expect(await page.locator('body').textContent()).not.toMatch(/[\u202e\u001b]/)
      const rest = box.locator('details').filter({ hasText: 'other' })
      await rest.locator('summary').focus()
      await page.keyboard.press('Enter')
      expect(await rest.locator('pre').isVisible()).toBe(true)
      const parts = [await box.locator('pre').nth(2).textContent(), await rest.locator('pre').textContent()]
      expect(parts.join('').replaceAll('↵', '')).toBe(visibleText(long))
      await page.locator('.stop-notice a').click()
      expect(await page.locator('.arm-round:target .stop').isVisible()).toBe(true)
      await page.setViewportSize({ width: 400, height: 900 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400)
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )

  test(
    'report.html fits a telephone and reads a compressed payload',
    async () => {
      const { page, complaints } = await open({ gateCases: 1500, features: 1, arms: ['sft'] })
      expect(await page.locator('#case-data').getAttribute('data-encoding')).toBe('deflate-raw')
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      }
      const wide = page.locator('#method .scroll')
      await expect.poll(() => wide.getAttribute('class')).toBe('scroll more')
      expect(await wide.getAttribute('tabindex')).toBe('0')
      await wide.evaluate((box) => box.scrollTo(box.scrollWidth, 0))
      await expect.poll(() => wide.getAttribute('class')).toBe('scroll')
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )

  test.each([{ mode: 'gate' as const }, { interrupted: true }, { lostArm: 'raft' }])(
    'report.html renders %o',
    async (options) => {
      const { page, complaints } = await open({ gateCases: 40, ...options })
      expect((await page.locator('h1').textContent())?.length).toBeGreaterThan(10)
      expect(complaints).toEqual([])
    },
    TIMEOUT_MS,
  )
})
