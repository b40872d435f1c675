import { once } from 'node:events'
import { expect, it } from 'vitest'
import { FramedOutput } from '../../src/host/framed-output.ts'
import { readAll } from '../../src/host/ssh/session.ts'

const FRAME = { begin: '<<begin\n', end: '>>end ' }

/** What a stream passes on, and what it says stood outside, when it is fed in chunks. */
async function read(text: string, chunkBytes: number): Promise<{ inside: string; outside: string | null; hasBegun: boolean }> {
  const output = new FramedOutput(FRAME)
  const inside = readAll(output)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += chunkBytes) output.write(bytes.subarray(at, at + chunkBytes))
  output.end()
  return { inside: (await inside).toString(), outside: output.outside, hasBegun: output.hasBegun }
}

it.each([1, 2, 3, 7, 1000])('FramedOutput passes on what lies between the marks, in chunks of %i bytes', async (chunkBytes) => {
  const whole = await read('noise of a login shell\n<<begin\nü payload >>en >> \n>>end 3\nrest', chunkBytes)
  expect(whole).toEqual({ inside: 'ü payload >>en >> \n', outside: '3\nrest', hasBegun: true })
  const cut = await read('<<begin\npayload >>en', chunkBytes)
  expect(cut).toEqual({ inside: 'payload >>en', outside: null, hasBegun: true })
  const refused = await read('Connection refused <<begi', chunkBytes)
  expect(refused).toEqual({ inside: '', outside: 'Connection refused <<begi', hasBegun: false })
})

it('FramedOutput passes on each line as soon as it was written', async () => {
  const output = new FramedOutput(FRAME)
  output.write('<<begin\nfirst line\n')
  const [line] = (await once(output, 'data')) as [Buffer]
  expect(line.toString()).toBe('first line\n')
  output.end()
})
