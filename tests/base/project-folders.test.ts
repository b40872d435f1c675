import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { projectFolders, USUAL_FOLDERS } from '../../src/base/project-folders.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-folders-'))
afterAll(() => rmSync(root, { recursive: true }))

const withPackage = (text: string): string => {
  writeFileSync(join(root, 'package.json'), text)
  return root
}

test('projectFolders() gives the usual names where nothing is said', () => {
  expect(projectFolders(join(root, 'empty'))).toEqual(USUAL_FOLDERS)
  expect(projectFolders(withPackage('{"name":"app"}'))).toEqual(USUAL_FOLDERS)
})

test('projectFolders() takes what package.json says and keeps the usual names for the rest', () => {
  expect(projectFolders(withPackage('{"holdfast":{"evals":"tests/evals"}}'))).toEqual({ ...USUAL_FOLDERS, evals: 'tests/evals' })
})

test('projectFolders() refuses what it does not know', () => {
  expect(() => projectFolders(withPackage('{"holdfast":{"evals":3}}'))).toThrow(/^PROJECT_FOLDERS_INVALID .*holdfast\.evals: /)
  expect(() => projectFolders(withPackage('{"holdfast":{"eval":"x"}}'))).toThrow(/Unrecognized key: "eval"/)
  expect(() => projectFolders(withPackage('{'))).toThrow(/it cannot be read as JSON\n.*\n {2}fix {4}write "holdfast": \{ "evals"/)
})
