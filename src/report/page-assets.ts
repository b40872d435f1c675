/**
 * @file Templates, styles and scripts of the page: those of `page/` and those in the folders of the sections, found by looking.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { pageScript } from './page-script.ts'

export interface PageAssets {
  /** Text by name, which is the file's without its ending. */
  readonly templates: ReadonlyMap<string, string>
  /** In cascade order: the page's, then those of the sections that are shown. */
  readonly style: string
  readonly script: string
}

const PAGE = new URL('./page/', import.meta.url)

/** Templates of all sections, because one may use a part of another's; styles and scripts of the shown ones only. */
export function pageAssets(sections: readonly string[], shown: readonly string[]): PageAssets {
  const templates = [PAGE, ...sections.map(folderOf)].flatMap((folder) => filesIn(folder, '.hbs'))
  const styles = [
    ...['page', 'tables', 'charts'].map((name) => new URL(`${name}.css`, PAGE)),
    ...shown.flatMap((name) => ownFirst(name, filesIn(folderOf(name), '.css')).map(({ url }) => url)),
  ]
  const scripts = shown.map((name) => new URL(`page/${name}.js`, folderOf(name))).filter((url) => existsSync(url))
  return {
    templates: new Map(templates.map(({ name, url }) => [name, textOf(url)])),
    style: styles.map(textOf).join(''),
    script: pageScript([new URL('start.js', PAGE), ...scripts]),
  }
}

interface Asset {
  readonly name: string
  readonly url: URL
}

function folderOf(section: string): URL {
  return new URL(`./sections/${section}/`, import.meta.url)
}

function filesIn(folder: URL, ending: string): Asset[] {
  const names = readdirSync(folder).filter((file) => file.endsWith(ending))
  return names.toSorted().map((file) => ({ name: file.slice(0, -ending.length), url: new URL(file, folder) }))
}

function ownFirst(section: string, files: readonly Asset[]): Asset[] {
  return files.toSorted((one, other) => Number(other.name === section) - Number(one.name === section))
}

function textOf(url: URL): string {
  return readFileSync(url, 'utf8').replaceAll('\r\n', '\n')
}
