/**
 * @file What kind of processor computes: kernels are chosen by its vector instructions, and other kernels give other last digits. Virtual machines call
 * processors of several kinds by one name, so the name alone does not tell.
 */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Flags of /proc/cpuinfo (x86 and ARM) that matrix kernels are chosen by, the widest first. */
const VECTOR_FLAGS = [
  'amx_tile',
  'avx512_bf16',
  'avx512_vnni',
  'avx512f',
  'avx_vnni',
  'avx2',
  'fma',
  'sve2',
  'sve',
  'i8mm',
  'bf16',
  'asimddp',
  'asimd',
]

/** The processor's name and, where the system tells them, its vector instructions: `AMD EPYC (avx2 fma)`. */
export function processorKind(): string {
  const name = cpus()[0]?.model.trim() || `unknown processor ${process.arch}`
  const flags = vectorFlags(readCpuInfo())
  return flags.length === 0 ? name : `${name} (${flags.join(' ')})`
}

/** Those of the first processor that a text like /proc/cpuinfo describes. */
export function vectorFlags(cpuInfo: string): readonly string[] {
  const found = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/))
  return VECTOR_FLAGS.filter((flag) => found.has(flag))
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}
