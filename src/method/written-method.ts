/**
 * @file Methods as suite files write them: optimizer settings may stand among a method's own, and what has a default may be left out. Types alone; what
 * is written is read by src/method/read-method.ts.
 */
import type { z } from 'zod'
import type { FlatOptimizer, OptimizerInput } from './optimizer.ts'
import type { SettingsSchema } from './settings.ts'

type Flattened<Type> = { readonly [Key in keyof Type]: Type[Key] }

type Own<Schema extends SettingsSchema> = Flattened<Omit<z.input<Schema>, 'name' | 'optimizer'>>

/** The learning rate is needed beside the other settings or in `optimizer`. */
type WithOptimizer =
  | (FlatOptimizer & { readonly optimizer?: Partial<OptimizerInput> })
  | (Partial<FlatOptimizer> & { readonly optimizer: OptimizerInput })

/** Settings of one method. */
export type WrittenSettings<Schema extends SettingsSchema> = Own<Schema> & WithOptimizer

/** A method with its settings: what an arm holds. */
export type WrittenMethod<Schema extends SettingsSchema> = WrittenSettings<Schema> & { readonly name: z.input<Schema>['name'] }

type Every<Key extends PropertyKey, Union> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never

/** Changes to a method's settings: any setting of any method, because the arm that they are for is named by its own name. */
export type ChangesOf<Schema extends SettingsSchema> = Flattened<
  {
    readonly [Key in Exclude<KeysOf<z.input<Schema>>, 'name' | 'optimizer'>]?: Every<Key, z.input<Schema>>
  } & Partial<FlatOptimizer> & { readonly optimizer?: Partial<OptimizerInput> }
>

type KeysOf<Union> = Union extends unknown ? keyof Union : never
