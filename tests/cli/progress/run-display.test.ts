import { expect, it } from 'vitest'
import { createRunDisplay, plainDisplay } from '../../../src/cli/progress/run-display.ts'
import { liveLines } from '../../../src/cli/progress/format-progress.ts'
import { advance, startState } from '../../../src/cli/progress/progress-state.ts'
import { demoEvents } from '../demo-events.ts'

/** The demo run as plain lines, one event every `stepMs`. */
function plainRun(stepMs: number): readonly string[] {
  const lines: string[] = []
  let nowMs = 0
  const display = plainDisplay(
    (line) => lines.push(line),
    () => nowMs,
  )
  for (const event of demoEvents()) {
    display.onEvent(event)
    nowMs += stepMs
  }
  display.finish()
  return lines
}

it('plainDisplay() writes one line for each phase, verdict and warning of a quick run', () => {
  expect(plainRun(100).slice(0, 8).join('\n')).toMatchInlineSnapshot(`
    "run demo writes to reports/demo
    warning  GATE_TOO_SMALL  Eval "refill" is advisory: it has 40 gate cases, 250 are needed
    [0:00] clinic: grading the base on refill
    [0:01] clinic · round 01-refill (1 of 2) · arm sft (1 of 3): training
    [0:02] clinic · round 01-refill (1 of 2) · arm sft (1 of 3): grading checkpoints on dev, about 0:13 left
    [0:03] clinic · round 01-refill (1 of 2) · arm sft (1 of 3): grading the candidate, about 0:14 left
    ACCEPTED  01-refill/sft  refill 12.0 % to 94.3 %
    [0:04] clinic · round 01-refill (1 of 2) · arm raft (2 of 3): training, about 0:13 left"
  `)
})

it('plainDisplay() writes a line every ten seconds inside a phase and no more', () => {
  const lines = plainRun(4000).filter((line) => /01-refill \(1 of 2\) · arm sft \(1 of 3\): (training|sampling)/.test(line))
  expect(lines.map((line) => line.slice(1, 5))).toEqual(['0:40', '0:52', '1:04', '1:16', '1:28'])
  expect(lines[1]).toMatchInlineSnapshot(
    `"[0:52] clinic · round 01-refill (1 of 2) · arm sft (1 of 3): training  10 of 60  3,457 tokens/s, about 11:48 left"`,
  )
})

it('plainDisplay() says something every ten seconds when nothing happens, from the start to the end', async () => {
  const lines: string[] = []
  let nowMs = 0
  const display = plainDisplay(
    (line) => lines.push(line),
    () => nowMs,
  )
  const look = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100))
  nowMs = 9000
  await look()
  display.onEvent({ type: 'phase', round: null, arm: null, phase: 'grading', label: 'sums' })
  nowMs = 17_000
  await look()
  nowMs = 18_000
  await look()
  display.finish()
  nowMs = 60_000
  await look()
  expect(lines).toEqual(['[0:09] holdfast: loading', '[0:09] holdfast: sums', '[0:18] holdfast: sums'])
})

it('createRunDisplay() writes no control codes to what is not a terminal, nor when CI is set', () => {
  for (const [isTTY, CI] of [
    [false, ''],
    [true, 'true'],
  ] as const) {
    let text = ''
    const display = createRunDisplay({ isTTY, write: (part: string) => (text += part) }, { CI })
    for (const event of demoEvents()) display.onEvent(event)
    display.finish()
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    expect(text).toContain('ACCEPTED  01-refill/sft  refill 12.0 % to 94.3 %\n')
  }
})

it('liveLines() shows round, arm, phase, steps, speed and time within the width', () => {
  let state = startState(0)
  let nowMs = 0
  for (const event of demoEvents()) {
    state = advance(state, event, nowMs)
    nowMs += 1000
    if (event.type === 'progress' && event.round !== null && event.done === 30) break
  }
  expect(liveLines(state, nowMs, 100).join('\n')).toMatchInlineSnapshot(`
    "clinic · round 01-refill (1 of 2) · arm sft (1 of 3)
    training  ████████████░░░░░░░░░░░░  30 of 60  3,457 tokens/s
    0:18 elapsed, about 2:32 left"
  `)
  expect(Math.max(...liveLines(state, nowMs, 30).map((line) => line.length))).toBe(30)
})
