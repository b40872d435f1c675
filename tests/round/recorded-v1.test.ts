/** @file A run of version 1 of the records, as it was written then: report, check, vitest and gate read it, and say of it what they say of the same grades in version 2. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { judgeRound } from '../../src/gate/judge-round.ts'
import { gatePolicySchema } from '../../src/gate/policy.ts'
import { checkBeforeResume, checkRun, headerDigest } from '../../src/ledger/check-run.ts'
import { openGradeFile, readGrades, writeAskedCases } from '../../src/ledger/grade-file.ts'
import { noteRun } from '../../src/ledger/run-files.ts'
import {
  armGradesFile,
  askedFile,
  baseGradesFile,
  PLAN_FILE,
  REPORT_FILES,
  RUN_FILE,
  SEALS_FILE,
  VERDICT_FILE,
} from '../../src/ledger/run-layout.ts'
import { openRun } from '../../src/ledger/run.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { evalUnderGate, type GradeSet } from '../../src/round/grade-set.ts'
import { recordedRoundEnd } from '../../src/vitest/suites/recorded-suite.ts'
import { askedOf, gradingOf } from '../ledger/as-grading.ts'

const V1 = fileURLToPath(new URL('../ledger/fixtures/v1-run', import.meta.url))
const ROUND = '01-first'
const ARMS = ['sft', 'grpo']
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-v1-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function copyOf(run: string, name: string): string {
  const copy = join(scratch, name)
  cpSync(run, copy, { recursive: true })
  return copy
}

/** The same run with its grades in the form of now. */
async function asVersion2(name: string): Promise<string> {
  const copy = copyOf(V1, name)
  const grades = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((path) => /grades.*\.jsonl$/.test(path))
  expect(grades.length).toBeGreaterThan(20)
  for (const path of grades.map((one) => join(copy, one))) {
    const records = await readGrades(path)
    rmSync(path)
    const grading = gradingOf(records)
    const asked = writeAskedCases(askedOf(records), (hash) => join(copy, askedFile(grading.purpose, grading.eval, hash)))
    const file = await openGradeFile(path, { grading, firstCount: records.length, keep: (count) => count, asked })
    file.append(records)
    file.close()
  }
  const { header } = openRun(copy)
  if (header === null) throw new Error('the run has no header')
  const noted = { ...header, files: noteRun(copy, [PLAN_FILE, SEALS_FILE]) }
  writeFileSync(join(copy, RUN_FILE), JSON.stringify({ ...noted, digest: headerDigest(noted) }))
  return copy
}

async function gradeSet(run: string, arm: string | null): Promise<GradeSet> {
  const fileOf = (name: string): string =>
    arm === null ? baseGradesFile('gate', name) : armGradesFile({ round: ROUND, arm, step: null }, 'gate', name)
  const { plan } = openRun(run)
  return new Map(await Promise.all(plan.evals.map(async ({ name }) => [name, await readGrades(join(run, fileOf(name)))] as const)))
}

test('renderReport() gives the report that version 1 gave, of its records and of the same in version 2', async () => {
  const before = readFileSync(join(V1, REPORT_FILES.json), 'utf8')
  for (const run of [copyOf(V1, 'reported'), await asVersion2('reported-2')]) {
    const { jsonPath, check } = await renderReport(run)
    expect(check).toBe('checked')
    expect(readFileSync(jsonPath, 'utf8')).toBe(before)
  }
})

test('checkRun() and checkBeforeResume() know the files of version 1, finished and interrupted', async () => {
  const run = copyOf(V1, 'interrupted')
  expect(await checkRun(run)).toBe('checked')
  rmSync(join(run, RUN_FILE))
  const seals = readFileSync(join(run, SEALS_FILE), 'utf8')
  writeFileSync(join(run, SEALS_FILE), seals.replace('{"finished":true}\n', ''))
  expect(await checkBeforeResume(run)).toEqual({ check: 'checked', removed: [] })
  const grades = join(run, baseGradesFile('gate', 'first'))
  writeFileSync(grades, readFileSync(grades, 'utf8').replace('"pass":', '"pass": '))
  await expect(checkBeforeResume(run)).rejects.toMatchObject({ code: 'RUN_DAMAGED' })
})

test.each(ARMS)('judgeRound() comes to the recorded verdict of %s again, and vitest reads that one', async (arm) => {
  const recorded = JSON.parse(readFileSync(join(V1, 'rounds', ROUND, arm, VERDICT_FILE), 'utf8')) as unknown
  for (const run of [V1, await asVersion2(`judged-${arm}`)]) {
    const { plan } = openRun(run)
    const base = await gradeSet(run, null)
    const candidate = await gradeSet(run, arm)
    const baselines = { parent: base, base, anchors: new Map([['old-one', base.get('old-one') ?? []]]), best: base }
    const evals = plan.evals.map((planned) =>
      evalUnderGate(planned, planned.kind === 'feature' ? 'target' : 'old', {
        candidate,
        baselines,
        mode: 'run',
        definition: {
          name: planned.name,
          parse: null,
          thinking: 'off',
          reducer: 'mean',
          sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: 8 },
        },
      }),
    )
    const verdict = judgeRound({ round: ROUND, arm, policy: gatePolicySchema.parse(plan.gate), evals })
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(recorded)
    const end = recordedRoundEnd(openRun(run), ROUND, arm)
    expect(end.verdict).toMatchObject({ verdict: verdict.verdict, reasons: verdict.reasons, round: ROUND, arm })
  }
})
