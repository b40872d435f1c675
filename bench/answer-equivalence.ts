/**
 * @file Compares answer equivalence with Math-Verify on the conformance table and on answers made at random: right and wrong verdicts, where the two
 * disagree, and microseconds per comparison. Run: npm run bench:answers -- --python PATH, where that Python has the package math-verify; without it only ours.
 * --disagreements prints every group of the table in which the two differ.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { answersEqual } from '../src/grader/answer/compare-answers.ts'
import { ANSWER_GROUPS, casesOf } from '../tests/grader/answer/answer-table.ts'
import type { AnswerCase } from '../tests/grader/answer/answer-table.ts'
import { generatedGroups } from './answer-pairs.ts'

const SCRIPT = fileURLToPath(new URL('./math-verify-pairs.py', import.meta.url))
const PATIENCE_MS = 15_000
const REPEATS = 20
const TWENTIETH = ['.05', '1/20', '\\frac{1}{20}', '5E-02', '5 x 10^-2']

interface Verdict {
  readonly equal: boolean
  readonly micros: number
  /** Whether the process had to be ended: the verdict then counts as "different". */
  readonly ended?: boolean
}

/** Decides one case after the other. */
interface Decider {
  readonly name: string
  decide(this: void, one: AnswerCase): Verdict | Promise<Verdict>
  close(this: void): void
}

const ours: Decider = {
  name: 'holdfast',
  decide: ({ answer, gold, options }) => {
    const start = performance.now()
    let equal = false
    for (let repeat = 0; repeat < REPEATS; repeat += 1) equal = answersEqual(answer, gold, options)
    return { equal, micros: ((performance.now() - start) / REPEATS) * 1000 }
  },
  close: () => {},
}

/** Math-Verify in a process of its own, which is ended and started again when it does not answer. */
function mathVerify(python: string): Decider {
  let running: { readonly child: ChildProcess; readonly lines: Interface } | null = null
  const start = () => {
    const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] })
    const lines = createInterface({ input: child.stdout })
    return { child, lines }
  }
  const stop = () => {
    running?.child.kill('SIGKILL')
    running = null
  }
  const decide = async (one: AnswerCase): Promise<Verdict> => {
    running ??= start()
    const { child, lines } = running
    const line = await new Promise<string | null>((resolve) => {
      const patience = setTimeout(() => resolve(null), PATIENCE_MS)
      const settle = (text: string | null) => {
        clearTimeout(patience)
        child.removeListener('exit', gone)
        resolve(text)
      }
      const gone = () => settle(null)
      child.once('exit', gone)
      lines.once('line', settle)
      child.stdin?.write(`${JSON.stringify({ answer: one.answer, gold: one.gold })}\n`)
    })
    if (line !== null) return JSON.parse(line) as Verdict
    stop()
    return { equal: false, micros: PATIENCE_MS * 1000, ended: true }
  }
  return { name: 'math-verify', decide, close: stop }
}

/** The case with both sides in dollar signs, as Math-Verify wants LaTeX; as it stands where there are dollar signs already. */
function inDollars(one: AnswerCase): AnswerCase {
  const wrap = (text: string) => (text.includes('$') || text.trim() === '' ? text : `$${text}$`)
  return { ...one, answer: wrap(one.answer), gold: wrap(one.gold) }
}

interface Counts {
  right: number
  wrongEqual: number
  wrongDifferent: number
  ended: number
}

function count(counts: Counts, one: AnswerCase, { equal, ended }: Verdict): void {
  if (ended === true) counts.ended += 1
  if (equal === one.equal) counts.right += 1
  else if (equal) counts.wrongEqual += 1
  else counts.wrongDifferent += 1
}

const noCounts = (): Counts => ({ right: 0, wrongEqual: 0, wrongDifferent: 0, ended: 0 })
const show = ({ right, wrongEqual, wrongDifferent, ended }: Counts) =>
  `right ${right}, wrong "equal" ${wrongEqual}, wrong "different" ${wrongDifferent}${ended > 0 ? `, ended ${ended}` : ''}`

async function report(decider: Decider, cases: readonly AnswerCase[], title: string): Promise<void> {
  const counts = noCounts()
  const micros: number[] = []
  for (const one of cases) {
    const verdict = await decider.decide(one)
    micros.push(verdict.micros)
    count(counts, one, verdict)
  }
  const sorted = micros.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  console.log(
    `${decider.name}, ${title}: ${cases.length} pairs: ${show(counts)}; µs per comparison: median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)}`,
  )
}

/** Both deciders over groups of cases: counts of each, and how often they say the same. */
async function reportAgreement(groups: ReadonlyMap<string, readonly AnswerCase[]>, other: Decider, everyGroup: boolean): Promise<void> {
  const total = { pairs: 0, agreed: 0 }
  for (const [name, cases] of groups) {
    const [own, others] = [noCounts(), noCounts()]
    let agreed = 0
    for (const one of cases) {
      const [mine, theirs] = [await ours.decide(one), await other.decide(inDollars(one))]
      count(own, one, mine)
      count(others, one, theirs)
      if (mine.equal === theirs.equal) agreed += 1
    }
    total.pairs += cases.length
    total.agreed += agreed
    if (everyGroup || agreed < cases.length)
      console.log(`  ${name}: ${agreed} of ${cases.length} agree; ours ${show(own)}; ${other.name} ${show(others)}`)
  }
  console.log(`  all: ${total.agreed} of ${total.pairs} agree`)
}

const { values } = parseArgs({
  options: { python: { type: 'string' }, disagreements: { type: 'boolean' }, groups: { type: 'string', default: '12' } },
})
const spellings = TWENTIETH.flatMap((answer) => TWENTIETH.map((gold) => ({ group: 'five', answer, gold, equal: true, options: {} })))
const all = ANSWER_GROUPS.flatMap(casesOf)
// What has to be declared cannot be asked of another program.
const undeclared = ANSWER_GROUPS.filter(({ options }) => options === undefined)
const generated = new Map([...generatedGroups(Number(values.groups))].map(([kind, groups]) => [kind, groups.flatMap(casesOf)]))

console.log(`table: ${ANSWER_GROUPS.length} groups, ${new Set(all.flatMap(({ answer, gold }) => [answer, gold])).size} different answers`)
const rival = values.python === undefined ? null : mathVerify(values.python)
for (const decider of rival === null ? [ours] : [ours, rival]) {
  await decider.decide({ group: 'warm', answer: '1', gold: '1', equal: true, options: {} })
  await report(decider, spellings, 'five spellings')
  await report(decider, spellings.map(inDollars), 'five spellings in dollar signs')
  await report(decider, undeclared.flatMap(casesOf), 'table without declared options')
  await report(decider, undeclared.flatMap(casesOf).map(inDollars), 'table in dollar signs')
  await report(decider, [...generated.values()].flat().map(inDollars), 'made at random, in dollar signs')
  if (decider === ours) await report(decider, all, 'whole table')
}
if (rival !== null) {
  console.log('made at random, by kind:')
  await reportAgreement(generated, rival, true)
  if (values.disagreements === true) {
    console.log('groups of the table without declared options where the two disagree:')
    await reportAgreement(new Map(undeclared.map((group) => [group.name, casesOf(group)])), rival, false)
  }
  rival.close()
}
