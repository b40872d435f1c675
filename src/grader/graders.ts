/**
 * @file All graders under one name, for eval files: `graders.jsonMatch({ … })`.
 */
import * as CARDS from './built-in.ts'

type Graders = { readonly [Name in keyof typeof CARDS]: (typeof CARDS)[Name]['make'] }

/** The built-in graders, and `custom` to make one from a function. */
export const graders: Graders = Object.fromEntries(Object.entries(CARDS).map(([name, { make }]) => [name, make])) as unknown as Graders
