/**
 * @file Lint: who may import whom, who owns a special package, and the house rules on files and tests.
 * A new folder below src/ is one line of LAYERS; tests/surface/boundaries.real.test.ts reads these tables and plants every violation.
 */

/**
 * Folders of src/, lower ones first: what each is for, and which of the lower ones it may import beside base ('*': all of them).
 * Only vitest stands beside the order: nobody imports it.
 */
export const LAYERS = {
  base: ['is below everything'],
  stats: ['is pure mathematics'],
  host: ['runs commands here and on other machines'],
  identity: ['says what things are known by'],
  ledger: ['knows the files and records of a run'],
  method: ['knows tuning methods: a card and a pure gradient each'],
  python: ['finds and sets up Python', 'host'],
  eval: ['describes cases and prompts', 'identity'],
  engine: ['knows tensors and token ids, never evals', 'identity'],
  model: ['generates', 'host', 'identity', 'engine', 'eval'],
  grader: ['judges completions', 'identity', 'eval', 'model'],
  grading: ['runs cases through a model and graders', 'identity', 'eval', 'grader', 'model', 'ledger'],
  estimate: ['counts the work of a training and the time it takes', 'eval', 'method', 'engine', 'model'],
  trainer: [
    'turns a spec into an adapter',
    'host',
    'identity',
    'python',
    'eval',
    'method',
    'engine',
    'ledger',
    'grading',
    'model',
    'estimate',
  ],
  gate: ['decides from numbers alone', 'stats', 'eval', 'ledger'],
  suite: ['defines and checks suites', 'identity', 'eval', 'grader', 'method', 'trainer', 'gate'],
  round: ['is the only orchestrator', '*'],
  report: ['renders from a run directory alone', 'gate', 'ledger', 'method', 'trainer'],
  cli: ['prints and exits', '*'],
  vitest: ['adapts suites to vitest', 'identity', 'eval', 'gate', 'ledger', 'grading', 'suite', 'round', 'report'],
}

/** Special packages by a pattern of their names: the folders (or one file) that may import them, and what for. */
export const OWNERS = {
  'onnxruntime-node': { by: ['engine/session.ts'], does: 'talks to onnxruntime-node' },
  handlebars: { by: ['report'], does: 'renders templates' },
  vitest: { by: ['vitest'], does: 'imports vitest' },
  commander: { by: ['cli'], does: 'parses arguments' },
  'log-update': { by: ['cli'], does: 'draws on the terminal' },
  tsx: { by: ['cli', 'vitest'], does: 'loads user files' },
  re2js: { by: ['grader'], does: 'runs patterns on untrusted text' },
  'quickjs-emscripten-core': { by: ['grader'], does: 'runs untrusted code' },
  '@jitl': { by: ['grader'], does: 'runs untrusted code' },
  'hyparquet(-compressors)?': { by: ['eval'], does: 'reads tables of cases' },
  'csv-parse': { by: ['eval'], does: 'reads tables of cases' },
  yaml: { by: ['eval'], does: 'reads what other tools wrote' },
  esbuild: { by: ['identity'], does: 'reads the code of users' },
}

/** The folders of ours that a folder may import, base and itself included. */
export function importsOf(/** @type {string} */ folder) {
  const names = Object.keys(LAYERS)
  const [, ...imports] = LAYERS[folder]
  const lower = imports.includes('*') ? names.slice(0, names.indexOf(folder)) : imports
  return folder === 'base' ? ['base'] : ['base', ...lower, folder]
}

/** Forbids what the tables do not allow to one folder, or to one file that owns a package. */
function boundary(/** @type {string} */ folder, /** @type {string} */ file) {
  const allowed = importsOf(folder)
  const others = Object.keys(LAYERS).filter((name) => !allowed.includes(name))
  const isOwner = (/** @type {string} */ owner) => owner === folder || owner === file
  const patterns = [
    {
      regex: `^(\\.\\./)+(${others.join('|')})/`,
      message: `src/${folder} ${LAYERS[folder][0]}: of our folders it imports ${list(allowed)} only (oxlint.config.js).`,
    },
    { regex: '^(\\.\\./)+(index|run)(\\.ts)?$|^holdfast(/|$)', message: 'Inside src import the file itself, never the public list.' },
    ...Object.entries(OWNERS)
      .filter(([, { by }]) => !by.some(isOwner))
      .map(([name, { by, does }]) => ({
        regex: `^${name}(/|$)`,
        message: `Only ${list(by.map((owner) => `src/${owner}`))} ${does}.`,
      })),
  ]
  return { files: [file === '' ? `src/${folder}/**/*.ts` : `src/${file}`], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

/** "a", "a and b", "a, b and c". */
function list(/** @type {readonly string[]} */ names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

const NO_MOCKS = 'A fake is a real implementation that passes the contract suite.'
const ownFiles = Object.values(OWNERS)
  .flatMap(({ by }) => by)
  .filter((owner) => owner.includes('/'))

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'vitest', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'reports', 'coverage', 'node_modules', 'src/report/**/page/*.js', 'tests/**/fixtures/**'],
  options: { typeAware: true },
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-self-import': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    'vitest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['afterEach'] }],
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/no-useless-spread': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'typescript/unbound-method': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/consistent-return': 'off',
    'import/no-named-as-default-member': 'off',
    'vitest/require-mock-type-parameters': 'off',
    'consistent-return': 'off',
    'no-shadow': 'off',
  },
  overrides: [
    {
      files: ['src/**/*.ts'],
      rules: {
        'import/no-default-export': 'error',
        'no-console': 'error',
        'unicorn/no-process-exit': 'error',
        'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
        'max-params': ['error', { max: 3 }],
        'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      },
    },
    ...Object.keys(LAYERS).map((folder) => boundary(folder, '')),
    ...ownFiles.map((file) => boundary(file.slice(0, file.indexOf('/')), file)),
    { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off', 'unicorn/no-process-exit': 'off' } },
    { files: ['scripts/**', 'bench/**', 'models/**', 'bin/**', '.ci/**'], rules: { 'no-console': 'off' } },
    {
      files: ['tests/**/*.ts'],
      rules: {
        'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
        'max-lines-per-function': 'off',
        'no-console': 'off',
        'no-control-regex': 'off',
        'no-loss-of-precision': 'off',
        'vitest/no-focused-tests': 'error',
        'vitest/no-identical-title': 'error',
        'vitest/no-commented-out-tests': 'error',
        'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'assert*', 'fc.assert', 'check*'] }],
        'vitest/valid-expect': ['error', { maxArgs: 2 }],
        'vitest/no-restricted-vi-methods': [
          'error',
          { mock: NO_MOCKS, doMock: NO_MOCKS, spyOn: NO_MOCKS, fn: NO_MOCKS, stubGlobal: NO_MOCKS },
        ],
        'vitest/no-disabled-tests': 'off',
        'vitest/no-conditional-expect': 'off',
        'vitest/no-conditional-tests': 'off',
        'vitest/valid-title': 'off',
      },
    },
  ],
}
