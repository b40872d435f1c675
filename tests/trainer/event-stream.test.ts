import { expect, test } from 'vitest'
import { EventStream } from '../../src/trainer/event-stream.ts'
import type { TrainingEvent } from '../../src/trainer/training-event.ts'

const cancelled = (step: number): TrainingEvent => ({ type: 'cancelled', step })

async function collect(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

test('EventStream gives late and early readers the same events, from the position each asks for', async () => {
  const stream = new EventStream([cancelled(1)])
  const early = collect(stream.read())
  const later = collect(stream.read(2))
  stream.push(cancelled(2))
  await Promise.resolve()
  stream.push(cancelled(3))
  stream.close()
  const all = [cancelled(1), cancelled(2), cancelled(3)]
  expect(await early).toEqual(all)
  expect(await later).toEqual(all.slice(2))
  expect(await collect(stream.read(1))).toEqual(all.slice(1))
})

test('EventStream ends a reader that waits when it is closed', async () => {
  const stream = new EventStream([])
  const waiting = collect(stream.read())
  stream.close()
  expect(await waiting).toEqual([])
})
