/**
 * @file Both ends of the runner's protocol come from one schema.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderRunnerProtocol } from '../../../scripts/make-runner-protocol.ts'

const committed = readFileSync(new URL('../../../src/python/runner/holdfast_runner/protocol.py', import.meta.url), 'utf8')

test('renderRunnerProtocol() gives the committed protocol.py; when it does not, run: npm run make:protocol', () => {
  expect(renderRunnerProtocol()).toBe(committed)
})

test('renderRunnerProtocol() writes closed types, literals, optional fields and unions told apart by name', () => {
  const text = renderRunnerProtocol()
  expect(text).toContain('@_closed\nclass GraderAddress(TypedDict):\n    url: str\n    token: NotRequired[str]\n')
  expect(text).toContain('    state: Literal["finished", "cancelled", "stopped", "failed"]\n    step: int\n    code: str | None\n')
  expect(text).toContain('    instanceFilter: NotRequired[InstanceFilter]\n')
  expect(text).toContain('            "from": Literal["people", "samples"],\n')
  expect(text).toMatch(
    /RunnerStageMethod = Annotated\[\n {4}Union\[\n {8}SftMethod,\n(?: {8}\w+,\n){7} {4}\],\n {4}Field\(discriminator="name"\),\n\]/u,
  )
})
