/**
 * @file Which linear layers an adapter_config.json adapts, and with which rank and alpha: by name, by regular expression, only in some layers, with
 * exceptions. It reads no weights. Source: check_target_module_exists, get_pattern_key and LoraModel._create_and_replace of PEFT 0.21.
 */
import { z } from 'zod'
import { stopRunaway } from '../../base/stop-runaway.ts'
import { linearName, type LlamaConfig } from '../architecture/llama-config.ts'
import { LORA_TARGETS } from '../engine.ts'
import { AdapterUnsupportedError } from '../errors.ts'

const PATTERN_LIMIT_MS = 2_000
const names = z.union([z.string(), z.array(z.string())]).nullish()
const numbers = z.record(z.string(), z.number()).nullish()

/** The fields that say which layers are adapted how. */
export const MODULES_SCHEMA = z.object({
  r: z.number().int().positive(),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().nullish(),
  target_modules: names,
  exclude_modules: names,
  layers_to_transform: z.union([z.number(), z.array(z.number())]).nullish(),
  layers_pattern: names,
  rank_pattern: numbers,
  alpha_pattern: numbers,
})
type Modules = z.infer<typeof MODULES_SCHEMA>

/** Rank of one adapted layer, and the numerator of the factor alpha / rank of its B A. */
export interface AdaptedModule {
  readonly rank: number
  readonly alpha: number
}

/** By the name of the linear layer; null where the configuration leaves open which layers are adapted. @throws AdapterUnsupportedError */
export function adaptedModules(path: string, modules: Modules, base: LlamaConfig): AdaptedModules {
  const all = LORA_TARGETS.flatMap((target) => Array.from({ length: base.layerCount }, (_, layer) => linearName(target, layer)))
  try {
    return stopRunaway(() => matchAll(path, modules, all), PATTERN_LIMIT_MS)
  } catch (cause) {
    if (cause instanceof AdapterUnsupportedError) throw cause
    throw new AdapterUnsupportedError({ path, feature: 'a regular expression for its layers that does not come to an end' })
  }
}

/** How every linear layer would be adapted, and which are; null where only the tensors can tell. */
export interface AdaptedModules {
  readonly settings: ReadonlyMap<string, AdaptedModule>
  readonly adapted: ReadonlySet<string> | null
}

function matchAll(path: string, modules: Modules, all: readonly string[]): AdaptedModules {
  const settings = new Map(all.map((name) => [name, settingOf(path, modules, name)]))
  const isOpen = modules.target_modules === null || modules.target_modules === undefined
  return { settings, adapted: isOpen ? null : new Set(all.filter((name) => isAdapted(path, modules, name))) }
}

function settingOf(
  path: string,
  { r, lora_alpha: alpha, use_rslora: stabilised, rank_pattern: ranks, alpha_pattern: alphas }: Modules,
  name: string,
): AdaptedModule {
  const find = (pattern: Readonly<Record<string, number>> | null | undefined): number | undefined => {
    const key = Object.keys(pattern ?? {}).find((one) => expression(path, String.raw`^(?:.*\.)?(?:${one})$`).test(name))
    return key === undefined ? undefined : pattern?.[key]
  }
  const rank = find(ranks) ?? r
  const own = find(alphas) ?? alpha
  return { rank, alpha: stabilised === true ? own * Math.sqrt(rank) : own }
}

function isAdapted(path: string, modules: Modules, name: string): boolean {
  const { target_modules: targets, exclude_modules: excluded } = modules
  if (excluded !== null && excluded !== undefined && excluded.length > 0 && isNamed(path, excluded, name)) return false
  if (targets === 'all-linear') return true
  if (typeof targets === 'string' || targets?.includes(name) === true) return isNamed(path, targets, name)
  return isNamed(path, targets ?? [], name) && isInLayers(path, modules, name)
}

/** A text is an expression for whole names, a list holds names or their ends. */
function isNamed(path: string, named: string | readonly string[], name: string): boolean {
  if (typeof named === 'string') return expression(path, `^(?:${named})$`).test(name)
  return named.some((one) => name === one || name.endsWith(`.${one}`))
}

function isInLayers(path: string, { layers_to_transform: layers, layers_pattern: pattern }: Modules, name: string): boolean {
  if (layers === null || layers === undefined || (Array.isArray(layers) && layers.length === 0)) return true
  const patterns = pattern === null || pattern === undefined || pattern.length === 0 ? ['[^.]*'] : [pattern].flat()
  const prefix = pattern === null || pattern === undefined || pattern.length === 0 ? String.raw`^.*?\.` : String.raw`^(?:|.*?\.)`
  const found = patterns.map((one) => expression(path, String.raw`${prefix}${one}\.(\d+)\.`).exec(name)).find((match) => match !== null)
  return found !== undefined && [layers].flat().includes(Number(found?.at(-1)))
}

/** Python's spelling of an expression in JavaScript's. */
function expression(path: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern.replaceAll('(?P<', '(?<').replaceAll(/\(\?P=(\w+)\)/g, String.raw`\k<$1>`))
  } catch {
    throw new AdapterUnsupportedError({
      path,
      feature: `a regular expression for its layers that cannot be read here (${JSON.stringify(pattern).slice(0, 80)})`,
    })
  }
}
