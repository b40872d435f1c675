/**
 * @file The pinned packages of the trainer's environment, read from the lists in requirements/. Knows nothing of how they are installed.
 */
import { readFileSync } from 'node:fs'
import { hashJson } from '../base/hash.ts'

/** Which build of torch an environment holds. */
export type Variant = 'cpu' | 'cuda'

/** What can be installed beside the trainer; both need CUDA. */
export const EXTRAS = ['bitsandbytes', 'vllm'] as const

export type Extra = (typeof EXTRAS)[number]

/** The lists by name, as pip reads them: `trainer` is everything every environment holds, `cuda` are constraints of torch's CUDA build. */
export type Requirements = Readonly<Record<'trainer' | 'cuda' | Extra, string>>

/** The lists that this version of Holdfast brings. */
export function readRequirements(): Requirements {
  const read = (name: string): string => readFileSync(new URL(`./requirements/${name}.txt`, import.meta.url), 'utf8')
  return { trainer: read('trainer'), cuda: read('cuda'), bitsandbytes: read('bitsandbytes'), vllm: read('vllm') }
}

/** Version by package name, of a list's lines "name==version"; comments and markers behind ";" are left out. */
export function pinnedVersions(list: string): Readonly<Record<string, string>> {
  const pins = list.matchAll(/^([\w.-]+)==([^\s;]+)/gm)
  return Object.fromEntries(Array.from(pins, ([, name = '', version = '']) => [name, version]))
}

/** 16 hexadecimal characters that change with any pin and with the variant: two environments of one hash hold the same packages. */
export function pinsHash(variant: Variant): string {
  return hashJson({ variant, requirements: readRequirements() })
}

/** Whether an installed version is the pinned one. The part behind "+" names a build ("2.13.0+cpu") and does not count. */
export function isPinnedVersion(installed: string, pinned: string): boolean {
  return installed.split('+')[0] === pinned
}
