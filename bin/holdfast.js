#!/usr/bin/env node
/**
 * @file Starts the command line from dist under its guard, or says why that cannot be started. Whatever fails before the guard stands ends with 3, never
 * with 1, which means "blocked".
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const entry = new URL('../dist/cli/guard.js', import.meta.url)

try {
  if (existsSync(entry)) {
    const { guard } = await import(entry.href)
    process.exitCode = await guard(process.argv.slice(2))
  } else {
    refuse('NOT_BUILT  Holdfast is not built yet', 'run "npm run build" in the folder of Holdfast, then try again')
  }
} catch (error) {
  const reason = String(error?.message ?? error).split('\n', 1)[0]
  refuse(
    `NOT_STARTED  Holdfast could not be started on Node ${process.versions.node}: ${reason}`,
    'install Holdfast again (it needs Node 20.19 or newer)',
  )
}

function refuse(summary, fix) {
  process.exitCode = 3
  process.stderr.write(`${summary}\n  where  ${fileURLToPath(entry)}\n  fix    ${fix}\n`)
}
