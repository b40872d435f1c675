import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importPromptfoo } from '../../../src/eval/import/promptfoo.ts'
import { convertTemplate, fillVariables } from '../../../src/eval/import/promptfoo-template.ts'
import type { Imported } from '../../../src/eval/import/imported.ts'
import { testFolder } from '../load.ts'

const folder = testFolder()
let count = 0
const importText = (text: string, ending = 'yaml'): Imported =>
  importPromptfoo(fileURLToPath(folder.write(`config-${(count += 1)}.${ending}`, text)))

test('importPromptfoo() makes cases of tests and graders of assertions', () => {
  const { evals, notConverted } = importText(`
description: Capitals
prompts:
  - 'What is the capital of {{ country }}?'
providers: [openai:gpt-4o]
defaultTest:
  assert: [{ type: regex, value: '^[A-Z]' }]
tests:
  - vars: { country: France }
    assert: [{ type: icontains, value: Paris }]
  - description: two cities
    vars: { country: [Bolivia, Chile] }
    assert:
      - { type: icontains, value: '{{country}}' }
      - { type: icontains, value: La Paz, }
`)
  expect(notConverted).toEqual([])
  expect(evals).toEqual([
    {
      suffix: '',
      description: 'Capitals',
      prompt: 'What is the capital of {{input.country}}?',
      graders: ['graders.regex({"pattern":"^[A-Z]","full":false})', 'graders.contains({"ignoreCase":true,"wordBoundaries":false})'],
      cases: [
        { input: { country: 'France' }, expected: ['Paris'] },
        { input: { country: 'Bolivia' }, expected: ['Bolivia', 'La Paz'], tags: ['two cities'] },
        { input: { country: 'Chile' }, expected: ['Chile', 'La Paz'], tags: ['two cities'] },
      ],
    },
  ])
})

test('importPromptfoo() reads chat prompts and tests from files beside the configuration', () => {
  folder.write('chat.json', '[{"role":"system","content":"Short."},{"role":"user","content":"{{q}}"}]')
  folder.write(
    'tests.csv',
    'q,__expected,__description\n1+1,2,x\nname,"contains-any: a, b",y\njson,is-json,z\ncode,"javascript: output.length",w\n',
  )
  const { evals, notConverted } = importText('prompts: file://chat.json\ntests: file://tests.csv\n')
  expect(
    evals.map(({ suffix, graders, cases, prompt }) => [suffix, graders, cases.map(({ expected }) => expected), Array.isArray(prompt)]),
  ).toEqual([
    ['', ['graders.exactMatch()'], ['2'], true],
    ['-2', ['graders.contains({"match":"any","wordBoundaries":false})'], [['a', 'b']], true],
    ['-3', ['graders.jsonSchema({"schema":{"type":["object","array"]}})'], [null], true],
  ])
  expect(evals[0]?.prompt).toEqual([
    { role: 'system', content: 'Short.' },
    { role: 'user', content: '{{input.q}}' },
  ])
  expect(notConverted.map(({ what }) => what)).toEqual([
    'assertion "javascript" is code, which is never run here: write it as graders.custom(name, function)',
    'no assertion of this test could be converted, so that nothing would grade it',
  ])
})

test('importPromptfoo() reads several prompts of a text file and assertions by reference', () => {
  folder.write('prompts.txt', 'One {{body}}\n---\nTwo {{body}}\n')
  const { evals, notConverted } = importText(`
prompts: [file://prompts.txt]
tests:
  - vars: { body: a }
    assert: [{ $ref: '#/assertionTemplates/noise' }, { $ref: '#/assertionTemplates/none' }]
assertionTemplates:
  noise: { type: icontains, value: arrr }
`)
  expect(evals[0]).toMatchObject({ prompt: 'One {{input.body}}', cases: [{ input: { body: 'a' }, expected: ['arrr'] }] })
  expect(notConverted.map(({ where }) => where)).toEqual(['prompts[0]', 'tests[0].assert[1]'])
})

test('importPromptfoo() lists what has no counterpart and runs nothing', () => {
  const { evals, notConverted } = importText(`
prompts:
  - file://prompt.js
  - file://../../../etc/passwd
  - '{% if a %}{{a}}{% endif %}'
  - 'ok {{a}}'
  - 'second {{a}}'
scenarios: []
tests:
  - vars: { a: x }
    options: { transform: 'output.trim()' }
    assert:
      - { type: equals, value: y }
      - { type: not-contains, value: z }
      - { type: contains, value: q }
      - { type: javascript, value: 'process.exit(9)' }
      - { type: llm-rubric, value: nice }
      - { type: latency, threshold: 100 }
      - { type: regex, value: '(?=x)y' }
      - { $ref: '#/x' }
      - { type: made-up }
  - vars: { a: file://data.txt }
    assert: [{ type: equals, value: 1 }]
  - vars: { a: '{{x}}' }
    assert: [{ type: equals, value: '{{ unknown }}' }]
  - not a test
  - tests/*.yaml
`)
  expect(evals).toHaveLength(1)
  expect(evals[0]).toMatchObject({
    prompt: 'ok {{input.a}}',
    graders: ['graders.exactMatch()'],
    cases: [{ input: { a: 'x' }, expected: 'y' }],
  })
  expect(notConverted.map(({ where, what }) => `${where}: ${what}`)).toMatchInlineSnapshot(`
    [
      "scenarios: this part of the configuration has no counterpart",
      "prompts[0], prompts[1], prompts[2]: this prompt is code, is not there, or has more in its templates than plain variables",
      "prompts[4]: an eval has one prompt: make a second eval with the same cases for this one",
      "not a test, tests/*.yaml: tests are read from CSV, JSON, JSONL and YAML files in the folder of the configuration alone",
      "tests[0].options: this setting of a test has no counterpart",
      "tests[0].assert[1]: assertion "not-contains" is a negation, which no grader has: write it as graders.custom(name, function)",
      "tests[0].assert[3]: assertion "javascript" is code, which is never run here: write it as graders.custom(name, function)",
      "tests[0].assert[4]: assertion "llm-rubric" is judged by a model: add graders.judge with a judge of your own",
      "tests[0].assert[5]: assertion "latency" is no property of the answer: times, tokens and cost are measured in every run",
      "tests[0].assert[6]: assertion "regex" has a pattern with look-around or backreferences, which graders.regex does not take",
      "tests[0].assert[7]: assertion "?" refers to a template or to variables that are not there",
      "tests[0].assert[8]: assertion "made-up" has no counterpart",
      "tests[0].assert[2]: the expected answer of a case serves one kind of assertion: this one is a second",
      "tests[1].vars.a: the value stands in another file",
      "tests[2].assert[0]: assertion "equals" refers to a template or to variables that are not there",
      "tests[2]: no assertion of this test could be converted, so that nothing would grade it",
    ]
  `)
})

test('importPromptfoo() makes evals of their own for tests that need other graders', () => {
  const test = (assert: object, at: number): object => ({ vars: { at }, assert: [assert] })
  const tests = [
    ...Array.from({ length: 12 }, (_, at) => test({ type: 'regex', value: `^${at}` }, at)),
    test({ type: 'equals', value: 5, weight: 2 }, 1),
    test({ type: 'equals', value: 6, weight: 2 }, 2),
  ]
  const { evals, notConverted } = importText(JSON.stringify({ prompts: ['{{at}}'], tests }), 'json')
  expect([evals.length, evals[0]?.graders, evals[0]?.cases.length]).toEqual([8, ['graders.exactMatch({"weight":2})'], 2])
  expect(notConverted).toHaveLength(5)
})

test('importPromptfoo() refuses what is no configuration, and texts that grow when they are unfolded', () => {
  expect(() => importText('- 1\n- 2\n')).toThrow(/^IMPORT_FILE_UNUSABLE.*no promptfoo configuration/)
  expect(() => importText('a: 1\n')).toThrow('it has neither prompts nor tests')
  expect(() => importText('{"prompts": ', 'json')).toThrow('it is not what its name says')
  const laughs = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array.from({ length: 9 }, () => `*l${at}`).join(',')}]`)
  expect(() => importText(`l0: &l0 [x]\n${laughs.join('\n')}\nprompts: [a]\n`)).toThrow(/^IMPORT_FILE_UNUSABLE/)
  expect(() => importPromptfoo('no/such.yaml')).toThrow(/^IMPORT_FILE_UNUSABLE.*cannot be read/)
})

test('convertTemplate() takes plain variables and nothing else', () => {
  expect(convertTemplate('a {{x}} {{ y.z }} {{-w-}} {')).toBe('a {{input.x}} {{input.y.z}} {{input.w}} {')
  for (const text of ['{{x | upper}}', '{% for a in b %}', '{{ 1 + 1 }}', '{# c #}', '{{x()}}']) expect(convertTemplate(text)).toBeNull()
})

test('fillVariables() fills known variables once', () => {
  const vars = { a: '{{b}}', b: 2 }
  expect(fillVariables({ list: ['{{a}}', 1], text: '{{ b }}!' }, vars)).toEqual({ list: ['{{b}}', 1], text: '2!' })
  expect(fillVariables('{{c}}', vars)).toBeNull()
  expect(fillVariables(['{{ b | x }}'], vars)).toBeNull()
  expect(fillVariables('{{constructor}}', vars)).toBeNull()
})

test('importPromptfoo() keeps every digit of numbers in YAML', () => {
  const { evals } = importPromptfoo(
    fileURLToPath(
      folder.write(
        'digits.yaml',
        [
          'prompts: ["{{n}}"]',
          'tests:',
          '  - vars: { n: 12345678901234567 }',
          '    assert: [{ type: equals, value: 12345678901234568 }]',
        ].join('\n'),
      ),
    ),
  )
  expect(JSON.stringify(evals[0]?.cases)).toContain('12345678901234567')
  expect(JSON.stringify(evals[0]?.cases)).toContain('12345678901234568')
})
