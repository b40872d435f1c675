/** @file Skill: tell praise from complaint. */
import type { Skill } from '../skill.ts'
import { BAD_WORDS, COLORS, GOOD_WORDS, NOUNS } from '../words.ts'

export const mood: Skill = {
  name: 'mood',
  form: 'text',
  draw(random) {
    const good = random.next() < 0.5
    const word = random.pick(good ? GOOD_WORDS : BAD_WORDS)
    const prompt = `Good or bad: the ${random.pick(COLORS)} ${random.pick(NOUNS)} was ${word}.`
    return { prompt, answer: good ? 'good' : 'bad', cluster: word }
  },
}
