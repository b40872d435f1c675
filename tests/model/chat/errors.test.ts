import { expect, test } from 'vitest'
import {
  ServerGoneError,
  ServerKeyRefusedError,
  ServerModelNotLoadableError,
  ServerModelRefusedError,
  ServerModelUnclearError,
  ServerToolsError,
} from '../../../src/model/chat/errors.ts'

const URL = 'http://host:8000/v1'

test('ServerModelUnclearError says which models there are, or that none are listed', () => {
  expect(new ServerModelUnclearError({ url: URL, names: ['a', 'b\u001b[31m'] }).message).toMatchInlineSnapshot(`
    "SERVER_MODEL_UNCLEAR  The model server lists several models: "a", "b [31m"
      where  http://host:8000/v1
      fix    add the model's name: http://host:8000/v1#model-name"
  `)
  expect(new ServerModelUnclearError({ url: URL, names: null }).message).toMatchInlineSnapshot(`
    "SERVER_MODEL_UNCLEAR  The model server lists no models, so the address must name one
      where  http://host:8000/v1
      fix    add the model's name: http://host:8000/v1#model-name"
  `)
})

test('ServerKeyRefusedError says where the key comes from', () => {
  expect(new ServerKeyRefusedError({ url: URL, reason: null }).message).toMatchInlineSnapshot(`
    "SERVER_KEY_REFUSED  The model server refused the key, or wants one
      where  http://host:8000/v1
      fix    set HOLDFAST_API_KEY to a key of this server (OPENAI_API_KEY is used over https and on this machine only)"
  `)
})

test('ServerModelRefusedError says what the server said', () => {
  expect(new ServerModelRefusedError({ url: URL, name: 'm', reason: 'The model server refused with status 404: "no"' }).message)
    .toMatchInlineSnapshot(`
    "SERVER_MODEL_REFUSED  The model server does not answer for "m": The model server refused with status 404: "no"
      where  http://host:8000/v1
      fix    name a model that the server has after the #; http://host:8000/v1/models may list them"
  `)
})

test('ServerGoneError says that a grading can go on later', () => {
  expect(new ServerGoneError({ where: URL, failures: 48, reason: 'status 500' }).message).toMatchInlineSnapshot(`
    "SERVER_GONE  The model server failed 48 cases one after another, the last with: "status 500"
      where  http://host:8000/v1
      fix    see to the server, then run again: what was graded or cached before is kept"
  `)
})

test('ServerModelNotLoadableError says which commands take a server', () => {
  expect(new ServerModelNotLoadableError({ reference: `${URL}#m` }).message).toMatchInlineSnapshot(`
    "MODEL_IS_SERVER  A model behind a server can be asked, but neither loaded nor trained
      where  "http://host:8000/v1#m"
      fix    name a model directory or hub id here; holdfast eval --model and holdfast gate --parent/--candidate take a server"
  `)
})

test('ServerToolsError says that text completions know no tools', () => {
  expect(new ServerToolsError({ where: URL }).message).toMatchInlineSnapshot(`
    "SERVER_WITHOUT_TOOLS  The eval has tools, and this server is asked for text completions, which know none
      where  http://host:8000/v1
      fix    serve the model with a chat template and leave ?api=completions out of the address, or take the tools out of the eval"
  `)
})
