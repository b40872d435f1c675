/**
 * @file Measures how near a model behind a server comes to the throughput that the server allows: 50 ms an answer, one request in twenty turned away with
 * 429. Ideal: every request as soon as one of the places is free, those that are turned away included. Run: npm run bench:server
 */
import { spawn } from 'node:child_process'
import { openChatModel } from '../src/model/chat/open-chat-model.ts'

const LATENCY_MS = 50
const REFUSED_SHARE = 0.05
const MOST_REQUESTS = Number(process.argv[2] ?? 64)
const CASES = 200 * MOST_REQUESTS

/** The server runs in a process of its own, so that only the client's work is measured here. It gives the number of requests turned away under /refused. */
const SERVER = `
const { createServer } = require('node:http')
let [refused, state] = [0, 1]
const body = JSON.stringify({ choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: '{"drug":"Xanax"}' } }] })
const server = createServer((request, response) => {
  if (request.url === '/refused') { response.end(String(refused)); refused = 0; return }
  request.resume()
  request.on('end', () => {
    state = (state * 48271) % 2147483647
    const turnAway = state / 2147483647 < ${REFUSED_SHARE}
    if (turnAway) refused += 1
    setTimeout(() => response.writeHead(turnAway ? 429 : 200, { 'content-type': 'application/json' }).end(turnAway ? '{}' : body), ${LATENCY_MS})
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit(0))
`
const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
const port = await new Promise<number>((resolve) => child.once('message', (message) => resolve(message as number)))
const refusedNow = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/refused`)).text())
const url = `http://127.0.0.1:${port}/v1#scripted`
const { model } = await openChatModel(url, { key: null, mostRequests: MOST_REQUESTS, fingerprint: false })
const latencies: number[] = []
for (let i = 0; i < 40; i++) {
  const sent = performance.now()
  await model.generate([{ messages: [{ role: 'user', content: `Warm-up ${i}` }], seeds: [i] }], {
    temperature: 1,
    topK: 0,
    topP: 1,
    maxNewTokens: 16,
  })
  latencies.push(performance.now() - sent)
}
const latencyMs = latencies.toSorted((a, b) => a - b)[20] as number
await refusedNow()
const prompts = Array.from({ length: CASES }, (_, n) => ({ messages: [{ role: 'user' as const, content: `Refill ${n}` }], seeds: [n] }))
const [begun, cpu] = [performance.now(), process.cpuUsage()]
const groups = await model.generate(prompts, { temperature: 1, topK: 0, topP: 1, maxNewTokens: 16 })
const seconds = (performance.now() - begun) / 1000
const used = process.cpuUsage(cpu)
const refused = await refusedNow()
const idealSeconds = ((CASES + refused) * latencyMs) / MOST_REQUESTS / 1000
const failed = groups.flat().filter(({ finishReason }) => finishReason === 'error').length
console.log(
  `${CASES} cases, ${MOST_REQUESTS} requests at a time, ${latencyMs.toFixed(1)} ms an answer (median of 40 alone), ${refused} turned away, ${failed} failed`,
)
console.log(
  `${seconds.toFixed(2)} s, ideal ${idealSeconds.toFixed(2)} s: ${((100 * idealSeconds) / seconds).toFixed(1)} % of ideal throughput`,
)
console.log(`${((used.user + used.system) / CASES).toFixed(0)} µs CPU a case`)
child.disconnect()
