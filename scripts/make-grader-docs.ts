/**
 * @file Writes the table of docs/graders.md from the cards of the graders. Run `npm run format` afterwards, which aligns it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { graderTable } from '../src/grader/grader-table.ts'

const path = new URL('../docs/graders.md', import.meta.url)
const page = readFileSync(path, 'utf8')
writeFileSync(path, page.replace(/^\| `graders\.`.*?\n(?=\n)/ms, `${graderTable()}\n`))
