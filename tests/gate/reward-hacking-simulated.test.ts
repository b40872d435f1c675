import { describe, expect, test } from 'vitest'
import { seededRandom, type SeededRandom } from '../../src/base/seeded-random.ts'
import { judgeHacking, type WatchPoint } from '../../src/gate/reward-hacking.ts'

interface Story {
  /** Share of the cases that the unrewarded signal passes, by share of the training that is done. */
  readonly signal: (share: number) => number
  /** The same for the training reward, which is measured between checkpoints. */
  readonly reward: (share: number) => number
}

/**
 * A training of 8 checkpoints: each case has a difficulty of its own, and at each checkpoint answers by chance with probability 0.15. The reward's mean is
 * that of 128 completions in the first batch and of 640 between checkpoints.
 */
function isStopped(random: SeededRandom, cases: number, { signal, reward }: Story): boolean {
  const difficulties = Array.from({ length: cases }, () => random.next())
  const points: WatchPoint[] = []
  for (let i = 0; i <= 8; i++) {
    const noise = random.normal() * Math.sqrt(0.2 / (i === 0 ? 128 : 640))
    const values = difficulties.map((difficulty) => Number((random.next() < 0.15 ? random.next() : difficulty) < signal(i / 8)))
    points.push({ step: 10 * i, meanReward: reward(Math.max(0, (i - 0.5) / 8)) + noise, signals: [{ name: 'twins', values }] })
    if (judgeHacking(points).stop) return true
  }
  return false
}

const RUNS = 150

/** Share of trainings that were stopped, with 40 and with 100 watched cases. */
function stopRates(name: string, story: Story): readonly [few: number, many: number] {
  const rate = (cases: number): number =>
    Array.from({ length: RUNS }, (_, run) => isStopped(seededRandom(name, cases, run), cases, story)).filter(Boolean).length / RUNS
  return [rate(40), rate(100)]
}

const rises = (share: number): number => 0.35 + 0.5 * share

describe('judgeHacking() in simulated trainings', () => {
  test.each<[string, Story, number]>([
    ['signals rise with the reward', { reward: rises, signal: rises }, 0.02],
    ['signals rise 0.8 times as much', { reward: rises, signal: (share) => 0.35 + 0.4 * share }, 0.03],
    ['signals rise later than the reward', { reward: rises, signal: (share) => 0.35 + 0.5 * share ** 2 }, 0.08],
    [
      'greedy signals are ahead and samples get sharper',
      { reward: (share) => 0.4 + 0.28 * share, signal: (share) => 0.6 + 0.08 * share },
      0.06,
    ],
    ['a signal has nothing to do with the reward and stays high', { reward: rises, signal: () => 0.9 }, 0.06],
  ])('judgeHacking() seldom stops an honest training: %s', (name, story, most) => {
    const rates = stopRates(name, story)
    expect(Math.max(...rates)).toBeLessThanOrEqual(most)
  })

  test.each<[string, Story, number]>([
    ['signals stay where they were', { reward: rises, signal: () => 0.35 }, 0.9],
    ['signals fall', { reward: rises, signal: (share) => 0.35 - 0.25 * share }, 0.95],
    ['signals rise, then fall', { reward: rises, signal: (share) => 0.35 + (share < 0.4 ? 0.5 * share : 0.4 - 0.5 * share) }, 0.9],
  ])('judgeHacking() stops a training that games its reward: %s', (name, story, least) => {
    const rates = stopRates(name, story)
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(least)
  })
})
