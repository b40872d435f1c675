// evals/booking/booking.eval.ts
import { defineEval, graders } from 'holdfast'

export default defineEval({
  name: 'booking',
  cases: [
    {
      id: 'move-1',
      role: 'gate',
      input: { today: '2026-11-24' },
      turns: [
        { role: 'user', content: 'Is Friday at 9 free?' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'free', arguments: '{"day":"2026-11-27"}' }] },
        { role: 'tool', toolCallId: 'c1', content: '["09:00","10:30"]' },
        { role: 'assistant', content: 'Yes, at 9:00.' },
        { role: 'user', content: 'Then take it.' },
      ],
      expected: { name: 'book', arguments: { day: '2026-11-27', time: '09:00' } },
    },
  ],
  prompt: [{ role: 'system', content: 'You book for a clinic. Today is {{input.today}}.' }],
  tools: [
    { name: 'free', description: 'Free times of a day.', parameters: { type: 'object', properties: { day: { type: 'string' } } } },
    { name: 'book', parameters: { type: 'object', properties: { day: { type: 'string' }, time: { type: 'string' } } } },
  ],
  graders: [graders.toolCall()],
})
