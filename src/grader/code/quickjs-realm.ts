/**
 * @file One JavaScript sandbox: QuickJS in a WebAssembly instance of its own, so that not even a fault of the interpreter reaches another one.
 * It has no host objects, files or network: nothing but the functions of the guest prelude.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core'
import { GUEST_PRELUDE } from './guest-prelude.ts'

/** Limits of one sandbox. */
export interface RealmLimits {
  readonly memoryMb: number
  /** Shared by the sandboxes of one job, so that a call from one into another has one deadline. In milliseconds of `performance.now()`. */
  readonly deadline: { atMs: number }
  /** The side of the tests, which must not believe the other one. Default false. */
  readonly isTester?: boolean
}

/** Nothing, or why it did not come to its end: the name and message of what was thrown. */
export type Attempted = { readonly error?: never } | { readonly error: string }

/** What is passed to functions of a sandbox. */
export type GuestArgument = string | number | QuickJSHandle

/** Timers that run in one go: code that never stops setting them does not get on. */
const TICKS_AT_MOST = 10_000
const STACK_BYTES = 256 * 1024

let openInstance: Promise<() => Promise<QuickJSRuntime>> | null = null

/** Loads the packages when they are first needed; the program is compiled once, each sandbox is an instance of it. */
async function loadQuickJs(): Promise<() => Promise<QuickJSRuntime>> {
  const core = await import('quickjs-emscripten-core')
  const { default: outer } = await import('@jitl/quickjs-wasmfile-release-sync')
  // Its types are those of CommonJS, where the export stands one level deeper than in the module that Node loads.
  const variant = 'default' in outer ? outer.default : outer
  const wasm = fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))
  const instance = core.newVariant(variant, { wasmModule: compileModule(readFileSync(wasm)) })
  return async () => (await core.newQuickJSWASMModuleFromVariant(instance)).newRuntime()
}

/** The types of Node leave out this global. */
function compileModule(bytes: Uint8Array): never {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => never } }
  return new wasm.Module(bytes)
}

/** Loads the interpreter, so that the first job does not wait for it. */
export async function loadInterpreter(): Promise<void> {
  openInstance ??= loadQuickJs()
  await openInstance
}

/** A sandbox with the prelude in it. Any call may throw when the interpreter itself broke: then the sandbox must not be used again. */
export class QuickJsRealm {
  readonly #vm: QuickJSContext
  readonly #deadline: { readonly atMs: number }
  readonly #api: QuickJSHandle

  private constructor(runtime: QuickJSRuntime, limits: RealmLimits, send: (text: string) => string) {
    runtime.setMemoryLimit(limits.memoryMb * 1024 * 1024)
    runtime.setMaxStackSize(STACK_BYTES)
    this.#vm = runtime.newContext()
    this.#deadline = limits.deadline
    const sender = this.#vm.newFunction('send', (text) => this.#vm.newString(send(this.#vm.getString(text))))
    const prelude = this.#vm.unwrapResult(this.#vm.evalCode(GUEST_PRELUDE, 'prelude.js'))
    this.#api = this.#vm.unwrapResult(
      this.#vm.callFunction(prelude, this.#vm.undefined, sender, limits.isTester === true ? this.#vm.true : this.#vm.false),
    )
    // Not before: the prelude must be whole.
    runtime.setInterruptHandler(() => performance.now() > limits.deadline.atMs)
  }

  /** A new sandbox. `send` answers what its code asks of the other side. */
  static async open(limits: RealmLimits, send: (text: string) => string): Promise<QuickJsRealm> {
    openInstance ??= loadQuickJs()
    return new QuickJsRealm(await (await openInstance)(), limits, send)
  }

  /** Whether its time is over: what it said since then does not count. */
  isLate(): boolean {
    return performance.now() > this.#deadline.atMs
  }

  /** Why the text is no program; null when it is one. */
  syntaxError(source: string): string | null {
    const result = this.#vm.evalCode(source, 'answer.js', { type: 'global', compileOnly: true })
    if (result.error !== undefined) return this.#describe(result.error)
    result.value.dispose()
    return null
  }

  /** Runs a program and the jobs that it left. */
  evaluate(source: string): Attempted {
    const result = this.#vm.evalCode(source, 'answer.js', { type: 'global' })
    if (result.error !== undefined) return { error: this.#describe(result.error) }
    result.value.dispose()
    this.runJobs()
    return {}
  }

  /** Runs our own source of a function `() => api` and gives the API. */
  prepare(source: string): QuickJSHandle {
    const make = this.#vm.unwrapResult(this.#vm.evalCode(source, 'api.js'))
    return this.#vm.unwrapResult(this.#vm.callFunction(make, this.#vm.undefined))
  }

  /** Calls a function of the prelude, or of a prepared API, that throws only when the sandbox broke. */
  invoke(name: string, args: readonly GuestArgument[], api: QuickJSHandle = this.#api): unknown {
    return this.#vm.unwrapResult(this.#call(api, name, args)).consume((handle): unknown => this.#vm.dump(handle))
  }

  /** Calls a function of a prepared API that may throw, or may be stopped. */
  attempt(name: string, args: readonly GuestArgument[], api: QuickJSHandle): Attempted {
    const result = this.#call(api, name, args)
    if (result.error !== undefined) return { error: this.#describe(result.error) }
    result.value.dispose()
    return {}
  }

  /** A function that asks the other side for the function of this name. */
  stub(name: string): QuickJSHandle {
    return this.#vm.unwrapResult(this.#call(this.#api, 'stub', [name]))
  }

  /** Answers one call of the other side; waits for a promise by running this sandbox's jobs. */
  receive(text: string): string {
    const reply = String(this.invoke('receive', [text]))
    const { pending } = JSON.parse(reply) as { readonly pending?: number }
    if (pending === undefined) return reply
    this.runJobs()
    return String(this.invoke('settled', [pending]))
  }

  /** Runs what promises and timers left to do. */
  runJobs(): void {
    for (let ticks = 0; ticks < TICKS_AT_MOST; ticks += 1) {
      const result = this.#vm.runtime.executePendingJobs()
      if (result.error !== undefined) result.error.dispose()
      if (this.isLate() || this.invoke('tick', []) !== true) return
    }
  }

  #call(api: QuickJSHandle, name: string, args: readonly GuestArgument[]): ReturnType<QuickJSContext['callFunction']> {
    const handles = args.map((arg) => {
      if (typeof arg === 'string') return this.#vm.newString(arg)
      return typeof arg === 'number' ? this.#vm.newNumber(arg) : arg
    })
    return this.#vm.callFunction(this.#vm.getProp(api, name), this.#vm.undefined, ...handles)
  }

  /** The name and message of what was thrown, read by the prelude: a thrown object may be anything. */
  #describe(error: QuickJSHandle): string {
    const result = this.#call(this.#api, 'describe', [error])
    if (result.error !== undefined) return 'Error: something that cannot be described was thrown'
    const { name, message } = JSON.parse(this.#vm.getString(result.value)) as { readonly name: string; readonly message: string }
    return `${name}: ${message}`
  }
}
