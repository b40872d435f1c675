import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRun } from '../../src/ledger/check-run.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { runSuite, type RunResult } from '../../src/round/run-suite.ts'
import { writeTinyModel } from './tiny-model.ts'
import { tinyEval, tinySuite } from './tiny-suite.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-damaged-'))
const whole = join(scratch, 'whole', 'run')
let model = ''

function run(reports: string, resume: boolean | string): Promise<RunResult> {
  const suite = tinySuite(model, {
    features: [tinyEval('first')],
    retention: [tinyEval('old-one')],
    arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 4, batchSize: 4, learningRate: 0.01 } }],
    checkpoints: 1,
  })
  return runSuite({ suite, suiteFile: join(scratch, 'damaged.suite.ts'), directory: reports, runName: 'run', resume, threads: 1 })
}

beforeAll(async () => {
  model = writeTinyModel(join(scratch, 'model'))
  await run(join(scratch, 'whole'), false)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let copies = 0
function copyOf(directory: string): string {
  const copy = join(scratch, `copy-${copies++}`, 'run')
  cpSync(directory, copy, { recursive: true })
  return copy
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .toSorted()
}

/** What a person's disk, editor or script may do to a file. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer) => Buffer | null>> = {
  deleted: () => null,
  emptied: () => Buffer.alloc(0),
  'cut in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  'without its last line': (bytes) => bytes.subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1),
  'without its first line': (bytes) => bytes.subarray(bytes.indexOf(10) + 1),
  'with a line twice': (bytes) => Buffer.concat([bytes.subarray(0, bytes.indexOf(10) + 1), bytes]),
  'with a changed byte': (bytes) => {
    const changed = Buffer.from(bytes)
    const at = Math.floor(changed.length * 0.7)
    changed[at] = (changed[at] ?? 0) ^ 1
    return changed
  },
  'with a pass or number flipped': (bytes) => {
    const text = bytes.toString('latin1')
    const flipped = text.replace(
      /"(pass|blocking)":(\s*)(true|false)/,
      (_, key, space, value) => `"${key}":${space}${String(value !== 'true')}`,
    )
    return Buffer.from(flipped === text ? text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) : flipped, 'latin1')
  },
}

async function failureOf(directory: string): Promise<{ code: string; message: string; summary: string }> {
  return checkRun(directory).then(
    () => ({ code: 'none', message: '', summary: '' }),
    (error: { code: string; message: string; summary: string }) => error,
  )
}

describe('checkRun()', () => {
  it('accepts a finished run as it was written, before and after its report', async () => {
    expect(await checkRun(whole)).toBe('checked')
    const copy = copyOf(whole)
    await renderReport(copy)
    writeFileSync(join(copy, 'notes.txt'), 'mine')
    writeFileSync(join(copy, 'rounds', '.DS_Store'), '')
    expect(await checkRun(copy)).toBe('checked')
  })

  it('names every file of a finished run that was damaged in any way, and only that one', async () => {
    const copy = copyOf(whole)
    const files = filesOf(whole)
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) {
      const path = join(copy, file)
      const bytes = readFileSync(path)
      for (const [kind, damage] of Object.entries(DAMAGES)) {
        const damaged = damage(bytes)
        if (damaged?.equals(bytes) === true) continue
        if (damaged === null) rmSync(path)
        else writeFileSync(path, damaged)
        const { code, message, summary } = await failureOf(copy)
        expect([file, kind, code]).toEqual([file, kind, expect.stringMatching(/^(RUN_DAMAGED|LEDGER_CORRUPT)$/)])
        expect(message).toContain(file)
        if (file !== 'run.json' && file !== 'files.jsonl') expect(summary).not.toContain('; ')
        writeFileSync(path, bytes)
      }
    }
    expect(await checkRun(copy)).toBe('checked')
  })

  it('says in what the files differ', async () => {
    const copy = copyOf(whole)
    const grades = join(copy, 'grades', 'base', 'gate.first.jsonl')
    const text = readFileSync(grades, 'utf8')
    writeFileSync(grades, text.slice(text.indexOf('\n') + 1))
    rmSync(join(copy, 'rounds', '01-first', 'sft', 'verdict.json'))
    writeFileSync(join(copy, 'rounds', '01-first', 'sft', 'grades', 'gate.other.jsonl'), '{}\n')
    const other = join(copy, 'cases', 'old-one.jsonl')
    writeFileSync(other, readFileSync(other, 'utf8').replace('even', 'odd!'))
    const { message } = await failureOf(copy)
    expect(message.replace(relative(process.cwd(), copy), '<run>').replace(copy, '<run>')).toMatchInlineSnapshot(`
      "RUN_DAMAGED  The run is not what was written: cases/old-one.jsonl has other content than was written; grades/base/gate.first.jsonl has 60 of 61 lines; rounds/01-first/sft/verdict.json is missing; rounds/01-first/sft/grades/gate.other.jsonl was added
        where  <run>
        fix    restore these files from a copy; of an unfinished run, a folder rounds/<round>/<arm> that is removed whole is made anew by --resume; else start a new run"
    `)
    await expect(renderReport(copy)).rejects.toMatchObject({ code: 'RUN_DAMAGED' })
    await expect(run(join(copy, '..'), 'run')).rejects.toMatchObject({ code: 'RUN_DAMAGED' })
  })

  it('cannot check a run of a version that kept no hashes, and reads it', async () => {
    const copy = copyOf(whole)
    const path = join(copy, 'run.json')
    const { files: _, digest: __, ...header } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    writeFileSync(path, JSON.stringify(header))
    expect((await failureOf(copy)).message).toContain('run.json lacks its counts and hashes')
    rmSync(join(copy, 'files.jsonl'))
    expect(await checkRun(copy)).toBe('unchecked')
    expect((await renderReport(copy)).check).toBe('unchecked')
  })
})

describe('runSuite() with resume', () => {
  /** The run as if it had been killed before its header was written. */
  function interrupted(): string {
    const copy = copyOf(whole)
    rmSync(join(copy, 'run.json'))
    return copy
  }

  it('refuses an interrupted run of which a finished file was changed, and names it', async () => {
    const copy = interrupted()
    const grades = join(copy, 'grades', 'base', 'gate.first.jsonl')
    writeFileSync(grades, readFileSync(grades, 'utf8').replace('"completion":"', '"completion":"!'))
    const failure = await run(join(copy, '..'), 'run').catch((error: Error) => error)
    expect((failure as Error).message).toContain('grades/base/gate.first.jsonl has')
    expect((failure as Error).message).toMatch(/^RUN_DAMAGED/)
    expect(existsSync(join(copy, 'lock.json'))).toBe(false)
  })

  it('makes a missing header, and a part that was removed whole, anew with the same bytes', async () => {
    const reports = join(scratch, 'whole')
    const before = filesOf(whole).map((file) => [file, readFileSync(join(whole, file), 'latin1')] as const)
    const header = readFileSync(join(whole, 'run.json'))
    rmSync(join(whole, 'run.json'))
    await expect(checkRun(whole)).rejects.toMatchObject({ data: { problems: ['run.json is missing'] } })
    await run(reports, 'run')
    expect(readFileSync(join(whole, 'run.json')).equals(header)).toBe(true)
    rmSync(join(whole, 'run.json'))
    rmSync(join(whole, 'rounds', '01-first', 'sft'), { recursive: true })
    await run(reports, 'run')
    const different = before.filter(([file, bytes]) => readFileSync(join(whole, file), 'latin1') !== bytes).map(([file]) => file)
    // The notes say that a part was made anew; times are new.
    expect(different).toEqual(['files.jsonl', 'run.json', 'telemetry.jsonl'])
    expect(await checkRun(whole)).toBe('checked')
  })
})
