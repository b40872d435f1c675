import { cpus } from 'node:os'
import { expect, it } from 'vitest'
import { processorKind, vectorFlags } from '../../src/engine/processor-kind.ts'

it('vectorFlags() tells two processors of one name apart by their vector instructions', () => {
  const info = (flags: string): string => `processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: ${flags}\n\nprocessor\t: 1\nflags\t\t: none\n`
  expect(vectorFlags(info('fpu sse2 fma avx2'))).toEqual(['avx2', 'fma'])
  expect(vectorFlags(info('fpu sse2 fma avx2 avx512f avx512_vnni'))).toEqual(['avx512_vnni', 'avx512f', 'avx2', 'fma'])
  expect(vectorFlags('Features\t: fp asimd evtstrm i8mm sve')).toEqual(['sve', 'i8mm', 'asimd'])
  expect(vectorFlags('')).toEqual([])
})

it('processorKind() begins with the name that the system gives', () => {
  expect(processorKind()).toMatch(/\S/)
  expect(processorKind().startsWith(cpus()[0]?.model.trim() || 'unknown processor')).toBe(true)
})
