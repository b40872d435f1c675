/**
 * @file Loads a suite file as the command line does. Functions are known by their source text, and vitest and the command line compile a file
 * differently: a run that one of them made fits the suite when either reading of it does.
 */
import type { SuiteDefinition } from '../../suite/suite.ts'
import { definitionIn } from '../definition-in.ts'

/** The suite that the file exports; null where it cannot be read this way. */
export async function loadNatively(file: string): Promise<SuiteDefinition | null> {
  try {
    // oxlint-disable-next-line no-restricted-imports -- beside src/cli, this is where user files are loaded
    const { tsImport } = await import('tsx/esm/api')
    const module: unknown = await tsImport(file, import.meta.url)
    // A package without `"type": "module"` gives the default export one level deeper.
    const inner = typeof module === 'object' && module !== null && 'default' in module ? module.default : null
    const definition = definitionIn(module) ?? definitionIn(inner)
    return definition?.kind === 'holdfast.suite-definition' ? definition : null
  } catch {
    // What is wrong with the file is told by vitest's own reading of it.
    return null
  }
}
