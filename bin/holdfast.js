#!/usr/bin/env node
/** @file Starts the command line from dist, or says how to build it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const entry = new URL('../dist/cli/main.js', import.meta.url)

if (existsSync(entry)) {
  const { main } = await import(entry.href)
  process.exitCode = await main(process.argv.slice(2))
} else {
  process.stderr.write(
    `NOT_BUILT  Holdfast is not built yet\n  where  ${fileURLToPath(entry)}\n  fix    run "npm run build" in the folder of Holdfast, then try again\n`,
  )
  process.exitCode = 3
}
