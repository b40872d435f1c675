import { expect, it } from 'vitest'
import { isPinnedVersion, pinnedVersions, pinsHash, readRequirements } from '../../src/python/requirements.ts'

const requirements = readRequirements()

/** Lines that name packages. */
function packageLines(list: string): readonly string[] {
  return list.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

it('readRequirements() pins every package of every list to one exact version', () => {
  for (const list of Object.values(requirements)) {
    for (const line of packageLines(list)) expect(line).toMatch(/^[a-z0-9.-]+==[a-z0-9.]+( ; python_version (<|>=) "3\.13")?$/)
  }
})

it('readRequirements() names the versions that the trainer is written for', () => {
  const { torch, trl, transformers, peft, accelerate, datasets, pydantic, safetensors, tokenizers, numpy } = pinnedVersions(
    requirements.trainer,
  )
  expect({ torch, trl, transformers, peft, accelerate, datasets, pydantic, safetensors, tokenizers, numpy }).toEqual({
    torch: '2.13.0',
    trl: '1.16.0',
    transformers: '5.23.0',
    peft: '0.21.2',
    accelerate: '1.15.0',
    datasets: '5.2.0',
    pydantic: '2.14.4',
    safetensors: '0.8.0',
    tokenizers: '0.23.3',
    numpy: '2.4.6',
  })
})

it('readRequirements() keeps every version of the trainer but numpy in the list that vLLM brings', () => {
  const vllm = pinnedVersions(requirements.vllm)
  const trainer = pinnedVersions(requirements.trainer)
  expect(Object.keys(trainer).filter((name) => vllm[name] !== trainer[name] && name !== 'numpy')).toEqual([])
  expect(packageLines(requirements.vllm).filter((line) => line.startsWith('numpy=='))).toEqual([
    'numpy==2.3.5 ; python_version < "3.13"',
    'numpy==2.4.6 ; python_version >= "3.13"',
  ])
})

it('pinnedVersions() leaves comments and markers out', () => {
  expect(pinnedVersions('# a==1\nb-c==2.0.post1\nd==3 ; python_version < "3.13"\n')).toEqual({ 'b-c': '2.0.post1', d: '3' })
})

it('pinsHash() is 16 hexadecimal characters and differs between the variants', () => {
  expect(pinsHash('cpu')).toMatch(/^[0-9a-f]{16}$/)
  expect(pinsHash('cuda')).toMatch(/^[0-9a-f]{16}$/)
  expect(pinsHash('cpu')).not.toBe(pinsHash('cuda'))
})

it('isPinnedVersion() takes any build of a version and no other version', () => {
  expect(isPinnedVersion('2.13.0+cpu', '2.13.0')).toBe(true)
  expect(isPinnedVersion('2.13.0', '2.13.0')).toBe(true)
  expect(isPinnedVersion('2.13.01', '2.13.0')).toBe(false)
  expect(isPinnedVersion('2.13.0rc1', '2.13.0')).toBe(false)
})
