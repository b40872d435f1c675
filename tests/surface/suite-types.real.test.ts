/**
 * @file Plants suite files with one wrong line each and expects `tsc --strict` to refuse every one, and right ones to pass: types that take everything
 * also pass.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Inside the repository, because tsc finds "holdfast" from there.
const folder = mkdtempSync(join(import.meta.dirname, 'suite-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SFT = 'sft({ steps: 60, batchSize: 16, learningRate: 0.001 })'
const GRPO = 'grpo({ steps: 2, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.001 })'
const arm = (method: string): string => `arms: [{ name: 'one', role: 'candidate', method: ${method} }]`

/** Members of a suite that take the place of the plain ones. */
const RIGHT = {
  'a plain suite': '',
  'optimizer settings under optimizer': arm('sft({ steps: 1, batchSize: 1, optimizer: { name: "muon", learningRate: 0.02 } })'),
  'optimizer settings in both places': arm('sft({ steps: 1, batchSize: 1, learningRate: 0.1, optimizer: { name: "adamw" } })'),
  'a method as a plain object': arm("{ name: 'sft', steps: 1, batchSize: 1, learningRate: 0.1 }"),
  'every method': `arms: [
    { name: 'a', role: 'candidate', method: raft({ steps: 1, batchSize: 1, epochs: 1, promptsPerEpoch: 1, samplesPerPrompt: 1, learningRate: 0.1 }) },
    { name: 'b', role: 'candidate', method: dpo({ steps: 1, batchSize: 1, learningRate: 0.1, beta: 0.2, lossType: 'ipo', from: 'samples' }) },
    { name: 'c', role: 'candidate', method: kto({ steps: 1, batchSize: 2, learningRate: 0.1 }) },
    { name: 'd', role: 'control', optional: true, method: simpo({ steps: 1, batchSize: 1, learningRate: 0.1, gamma: 0.5, replay: { share: 0.2 } }) },
    { name: 'e', role: 'candidate', method: ${GRPO} },
    { name: 'f', role: 'candidate', method: rloo({ steps: 1, promptsPerStep: 1, samplesPerPrompt: 2, learningRate: 0.1, instanceFilter: {} }) },
    { name: 'g', role: 'candidate', method: mdloo({ steps: 1, promptsPerStep: 1, samplesPerPrompt: 2, learningRate: 0.1, trl: { beta: 1 } }) },
    { name: 'h', role: 'candidate', method: chain(${SFT}, ${GRPO}) },
  ]`,
  'changes for a feature and a budget': `features: [{ eval: one, margin: 0.1, arms: { one: { steps: 2, learningRate: 0.1 } } }],
    budgets: { small: { arms: ['one'], features: 1, method: { one: { batchSize: 2, optimizer: { beta1: 0.8 } } } } }`,
  'lists that are made by code': `features: ['a', 'b'].map(() => one), retention: ['a'].map(() => ({ eval: one, blocking: false })), arms: ['a'].map((name) => ({ name, role: 'control' as const, method: ${SFT} }))`,
  'words in objects that a callback makes': `arms: [0.1, 0.01].map((rate) => ({ name: \`sft-\${rate}\`, role: 'control', method: { name: 'sft', steps: 1, batchSize: 1, learningRate: rate, schedule: 'cosine' } }))`,
  'methods in variables, by their function or by satisfies': `arms: [
    { name: 'a', role: 'candidate', method: inVariable },
    { name: 'b', role: 'candidate', method: { ...inVariable, demonstration: 'house' } },
    { name: 'c', role: 'candidate', method: satisfying },
    { name: 'd', role: 'candidate', method: { ...satisfying, optimizer: { name: 'muon', learningRate: 0.02 } } },
    { name: 'e', role: 'candidate', method: sft({ ...numbers, schedule: 'cosine' }) },
    { name: 'f', role: 'candidate', method: { name: 'sft', ...numbers } },
    { name: 'g', role: 'candidate', method: { name: 'chain', stages: [inVariable, { name: 'grpo', steps: 1, promptsPerStep: 1, samplesPerPrompt: 2, learningRate: 0.1, scaleRewards: 'none' }] } },
    { name: 'h', role: 'candidate', method: chain({ name: 'sft', ...numbers }, satisfying) },
  ]`,
  'a budget in a variable': 'budgets',
  'trainers and everything else': `trainer: trl({ precision: 'bf16' }), gate: { margin: 0.1, smallButReal: 'block' }, lora: { rank: 4, alpha: 8, targets: ['q_proj'] }, hacking: { limit: 0.2 }, thinking: 'off'`,
}

const WRONG = {
  'a misspelt setting and a text for a number': arm("sft({ stpes: 60, learningRate: '0.1' })"),
  'a misspelt setting alone': arm('sft({ steps: 60, batchSize: 16, learningRate: 0.1, bachSize: 1 })'),
  'no settings': arm('grpo({})'),
  'no learning rate': arm('sft({ steps: 1, batchSize: 1 })'),
  'no learning rate under optimizer': arm("sft({ steps: 1, batchSize: 1, optimizer: { name: 'muon' } })"),
  'a setting of another method': arm('sft({ steps: 1, batchSize: 1, learningRate: 0.1, samplesPerPrompt: 4 })'),
  'a misspelt optimizer setting': arm('sft({ steps: 1, batchSize: 1, optimizer: { learningRate: 0.1, beta: 0.9 } })'),
  'a word that is none of them': arm("sft({ steps: 1, batchSize: 1, learningRate: 0.1, schedule: 'cosin' })"),
  'an unknown method': arm("{ name: 'sfd' }"),
  'a method without settings': arm("{ name: 'sft' }"),
  'a wrong stage of a chain': arm(`chain(${SFT}, sft({ steps: '2', batchSize: 1, learningRate: 0.1 }))`),
  'a chain in a chain': arm(`chain(${SFT}, chain(${SFT}, ${SFT}))`),
  'no retention evals': 'retention: []',
  'no features': 'features: []',
  'no arms': 'arms: []',
  'a misspelt target': "lora: { rank: 4, alpha: 8, targets: ['q_prj'] }",
  'no targets': 'lora: { rank: 4, alpha: 8, targets: [] }',
  'a wrong change for a feature': 'features: [{ eval: one, arms: { one: { stpes: 2 } } }]',
  'a change of a wrong kind': "features: [{ eval: one, arms: { one: { steps: '2' } } }]",
  'a wrong change in a budget': 'budgets: { small: { method: { one: { stpes: 2 } } } }',
  'a change of a wrong kind in a budget': "budgets: { small: { method: { one: { learningRate: '1' } } } }",
  'no arms in a budget': 'budgets: { small: { arms: [] } }',
  'a misspelt budget setting': 'budgets: { small: { gateCase: 2 } }',
  'a misspelt gate setting': 'gate: { margn: 0.1 }',
  'a misspelt role in objects that a callback makes': `arms: ['a'].map((name) => ({ name, role: 'controll', method: ${SFT} }))`,
  'a wrong setting in objects that a callback makes':
    "arms: ['a'].map((name) => ({ name, role: 'control', method: { name: 'sft', steps: 1, batchSize: 1, learningRate: '0.1' } }))",
  'a role that is none': `arms: [{ name: 'one', role: 'candidat', method: ${SFT} }]`,
  'a misspelt setting of an arm': `arms: [{ name: 'one', role: 'candidate', optoinal: true, method: ${SFT} }]`,
  'a misspelt setting of the suite': 'chekpoints: 2',
  'a misspelt setting of a feature': 'features: [{ eval: one, margn: 0.1 }]',
  'a misspelt trainer option': "trainer: trl({ precission: 'bf16' })",
  'a trainer that is none': "trainer: { name: 'ray' }",
  'hacking that is neither': "hacking: 'guarded'",
}

const fileOf = (kind: 'right' | 'wrong', index: number): string => `${kind}-${index}.suite.ts`
const PAGE_FILE = 'right-page.suite.ts'
const titles = { right: Object.keys(RIGHT), wrong: Object.keys(WRONG) }
let refused: ReadonlySet<string>

beforeAll(async () => {
  for (const [kind, suites] of [
    ['right', RIGHT],
    ['wrong', WRONG],
  ] as const)
    for (const [index, members] of Object.values(suites).entries()) writeFileSync(join(folder, fileOf(kind, index)), source(members))
  writeFileSync(join(folder, PAGE_FILE), pageSource())
  const config = { extends: '../../../tsconfig.json', include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], (_, stdout) => resolve(stdout))
  })
  refused = new Set([...output.matchAll(/^\S*?((?:right|wrong)-\w+\.suite\.ts)\(/gm)].map(([, file]) => basename(file ?? '')))
}, 120_000)

function source(members: string): string {
  return `import { chain, defineEval, defineSuite, dpo, grpo, kto, mdloo, raft, rloo, sft, simpo, trl, graders, type ArmMethod } from '../../../src/index.ts'
export const used = [chain, dpo, grpo, kto, mdloo, raft, rloo, sft, simpo, trl]
const one = defineEval({ name: 'one', cases: [], prompt: '{{input}}', graders: [graders.exactMatch()] })
const arms = [{ name: 'one', role: 'candidate' as const, method: ${SFT} }]
export const numbers = { steps: 1, batchSize: 1, learningRate: 0.1 }
export const inVariable = sft({ ...numbers, schedule: 'cosine' })
export const satisfying = { name: 'sft', ...numbers, schedule: 'cosine' } satisfies ArmMethod
export const budgets = { small: { features: 1, arms: ['one'], method: { one: { steps: 2, optimizer: { learningRate: 0.1 } } } } }
const plain = { name: 'app', base: 'models/nano', features: [one], retention: [one], arms }
export default defineSuite({ ...plain, ${members} })
`
}

/** The arms of docs/methods.md that share a method. */
function pageSource(): string {
  const page = readFileSync(join(root, 'docs/methods.md'), 'utf8')
  const [, block = 'none'] = /```ts\n(const base = .*?)```/s.exec(page) ?? []
  const imports = "import { sft } from '../../../src/index.ts'\nimport type { ArmMethod, ArmOptions } from '../../../src/index.ts'\n"
  return `${imports}${block}export const used = arms\n`
}

it('tsc takes the methods in variables of docs/methods.md', () => {
  expect(readFileSync(join(folder, PAGE_FILE), 'utf8')).toContain('satisfies ArmMethod')
  expect(refused).not.toContain(PAGE_FILE)
})

it.each(titles.right.map((title, index) => [title, fileOf('right', index)]))('tsc takes a suite file with %s', (_, file) => {
  expect(refused).not.toContain(file)
})

it.each(titles.wrong.map((title, index) => [title, fileOf('wrong', index)]))('tsc refuses a suite file with %s', (_, file) => {
  expect(refused).toContain(file)
})
