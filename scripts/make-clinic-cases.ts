/**
 * @file Script: writes every cases.jsonl of the example app, all from one seed. Run it with `npm run make:cases`; the bytes are the same on every
 * machine. Feature cases use only combinations of entities that pre-training never saw, retention cases only held-out prompts.
 */
import { writeFileSync } from 'node:fs'
import { featureRows } from './clinic-cases/feature-rows.ts'
import { retentionRows } from './clinic-cases/retention-rows.ts'
import type { Row } from './clinic-cases/row.ts'
import { appointment } from '../models/nano/pretraining/clinic/appointment.ts'
import { dailyDose } from '../models/nano/pretraining/clinic/daily-dose.ts'
import { refill } from '../models/nano/pretraining/clinic/refill.ts'

const SEED = 20_261_123

function writeRows(path: string, rows: readonly Row[]): void {
  writeFileSync(new URL(`../evals/${path}/cases.jsonl`, import.meta.url), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

for (const feature of [refill, appointment, dailyDose]) writeRows(feature.name, featureRows(feature, SEED))
for (const form of ['json', 'text'] as const) writeRows(`retention/general-${form}`, retentionRows(form, SEED))
