/**
 * @file Writes `src/python/runner/holdfast_runner/protocol.py` from the zod schemas of the runner's protocol, so that both ends have one source.
 * It knows the part of JSON Schema that those schemas use and refuses the rest.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { CHECKPOINTS_FOLDER, EVENTS_FILE, ROLLOUTS_FILE, RUNNER_FILES } from '../src/ledger/run-layout.ts'
import { loraSpecSchema } from '../src/trainer/training-spec.ts'
import { cardsRunBy } from '../src/method/method-spec.ts'
import { optimizerSpecSchema } from '../src/method/optimizer.ts'
import { instanceFilterSchema, replaySchema } from '../src/method/settings.ts'
import { rolloutSchema } from '../src/trainer/training-event.ts'
import { TRL } from '../src/trainer/trl/refuse.ts'
import * as protocol from '../src/trainer/trl/protocol.ts'

const TARGET = fileURLToPath(new URL('../src/python/runner/holdfast_runner/protocol.py', import.meta.url))

const HEADER = `"""What Holdfast and its Python runner say to each other.

Made by scripts/make-runner-protocol.ts from src/trainer/trl/protocol.ts, which explains the fields, the\nmethods' cards in src/method and the file names in src/ledger. Change it there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Field, with_config
from typing_extensions import NotRequired, TypedDict

_closed = with_config(ConfigDict(extra="forbid"))
`

/** Named types, those that others contain first: an object of equal form found inside a later one takes the earlier one's name. */
const NAMED: readonly (readonly [string, z.ZodType])[] = [
  ['OptimizerSpec', optimizerSpecSchema],
  ['InstanceFilter', instanceFilterSchema],
  ['ReplaySpec', replaySchema],
  ['LoraSpec', loraSpecSchema],
  ['RunnerExample', protocol.runnerExampleSchema],
  ['BaseRef', protocol.runnerSpecSchema.shape.base],
  ['DeviceSpec', protocol.runnerSpecSchema.shape.device],
  ['RunnerStage', protocol.runnerStageSchema],
  ['RunnerSpec', protocol.runnerSpecSchema],
  ['GraderAddress', protocol.graderAddressSchema],
  ['RewardMessage', protocol.rewardMessageSchema],
  ['RewardAnswer', protocol.rewardAnswerSchema],
  ['WatchMessage', protocol.watchRequestSchema],
  ['WatchAnswer', protocol.watchAnswerSchema],
  ['RunnerProgress', protocol.runnerProgressSchema],
  ['RunnerExit', protocol.runnerExitSchema],
  ['CanaryRecord', protocol.canaryRecordSchema],
  ['Rollout', rolloutSchema],
  ['ServeSpec', protocol.serveSpecSchema],
]

/** Files and folders of a training's directory that both sides write or read. */
const FILES: Readonly<Record<string, string>> = {
  EVENTS_FILE,
  ROLLOUTS_FILE,
  GRADER_FILE: RUNNER_FILES.grader,
  PROGRESS_FILE: RUNNER_FILES.progress,
  EXIT_FILE: RUNNER_FILES.exit,
  CHECKPOINTS_FOLDER,
}

const PYTHON_KEYWORDS = new Set(['from', 'class', 'is', 'in', 'not', 'pass', 'global', 'lambda'])

type JsonSchema = Record<string, unknown>

/** The whole text of `protocol.py`; the same for the same schemas. */
export function renderRunnerProtocol(): string {
  const writer = new PythonTypes()
  for (const [name, schema] of NAMED) writer.declare(name, z.toJSONSchema(schema) as JsonSchema)
  const names = cardsRunBy(TRL).map(({ name }) => JSON.stringify(name))
  const files = Object.entries(FILES).map(([name, path]) => `${name} = ${JSON.stringify(path)}\n`)
  return `${HEADER}\n${files.join('')}\nMETHOD_NAMES = (${names.join(', ')})\n\n\n${writer.blocks.join('\n\n\n')}\n`
}

class PythonTypes {
  readonly blocks: string[] = []
  readonly #names = new Map<string, string>()

  declare(name: string, schema: JsonSchema): void {
    this.#objectName(name, schema)
  }

  #objectName(name: string, schema: JsonSchema): string {
    const properties = schema['properties'] as Record<string, JsonSchema>
    const key = JSON.stringify([properties, schema['required'] ?? []])
    const known = this.#names.get(key)
    if (known !== undefined) return known
    this.#names.set(key, name)
    const required = new Set((schema['required'] ?? []) as string[])
    const fields = Object.entries(properties).map(([field, of]): [string, string] => {
      const type = this.#type(name + pascal(field), of)
      return [field, required.has(field) ? type : `NotRequired[${type}]`]
    })
    this.blocks.push(renderType(name, fields))
    return name
  }

  #type(name: string, schema: JsonSchema): string {
    if ('const' in schema) return `Literal[${literal(schema['const'])}]`
    if (Array.isArray(schema['enum'])) return `Literal[${schema['enum'].map(literal).join(', ')}]`
    if (Object.keys(schema).length === 0) return 'Any'
    const options = schema['anyOf'] ?? schema['oneOf']
    if (Array.isArray(options)) return this.#union(name, options as JsonSchema[])
    const type = schema['type']
    if (Array.isArray(type)) return type.map((one: unknown) => this.#type(name, { ...schema, type: one })).join(' | ')
    switch (type) {
      case 'integer':
        return 'int'
      case 'number':
        return 'float'
      case 'string':
        return 'str'
      case 'boolean':
        return 'bool'
      case 'null':
        return 'None'
      case 'array':
        return `list[${this.#type(name, schema['items'] as JsonSchema)}]`
      case 'object':
        return 'properties' in schema ? this.#objectName(name, schema) : 'dict[str, Any]'
      default:
        throw new TypeError(`make-runner-protocol: no Python type for ${JSON.stringify(schema).slice(0, 200)}`)
    }
  }

  #union(name: string, options: readonly JsonSchema[]): string {
    const tags = options.map((option) => ((option['properties'] as Record<string, JsonSchema> | undefined) ?? {})['name']?.['const'])
    if (tags.every((tag) => typeof tag === 'string')) return this.#tagged(name, options, tags)
    return options.map((option) => this.#type(name, option)).join(' | ')
  }

  /** A union of objects told apart by their `name`. */
  #tagged(name: string, options: readonly JsonSchema[], tags: readonly string[]): string {
    const members = options.map((option, index) => this.#objectName(`${pascal(tags[index] ?? '')}Method`, option))
    const lines = members.map((member) => `        ${member},\n`).join('')
    this.blocks.push(`${name} = Annotated[\n    Union[\n${lines}    ],\n    Field(discriminator="name"),\n]`)
    return name
  }
}

/** A class, or where a field has a name that Python keeps for itself (`from`), the same type as a call. */
function renderType(name: string, fields: readonly (readonly [string, string])[]): string {
  if (!fields.some(([field]) => PYTHON_KEYWORDS.has(field))) {
    return [`@_closed`, `class ${name}(TypedDict):`, ...fields.map(([field, type]) => `    ${field}: ${type}`)].join('\n')
  }
  const entries = fields.map(([field, type]) => `            ${JSON.stringify(field)}: ${type},`)
  return [`${name} = _closed(`, `    TypedDict(`, `        "${name}",`, `        {`, ...entries, `        },`, `    )`, `)`].join('\n')
}

function literal(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

function pascal(text: string): string {
  return text
    .split(/[-_]/u)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = renderRunnerProtocol()
  const isCheck = process.argv.includes('--check')
  if (!isCheck) writeFileSync(TARGET, text)
  else if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('protocol.py differs from the schemas: run npm run make:protocol')
    process.exitCode = 1
  }
}
