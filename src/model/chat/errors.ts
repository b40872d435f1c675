/**
 * @file The failures of models behind an OpenAI-compatible server that end a grading. What concerns one case only is a completion, not an error.
 */
import { defineError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

const EXAMPLE = 'http://host:8000/v1#model-name'

/** A reference that looks like a server's and cannot be used. */
export class ServerReferenceError extends defineError(
  'SERVER_REFERENCE_INVALID',
  ({ reference, problem }: { reference: string; problem: string }) => ({
    summary: `The model server's address cannot be used: ${problem}`,
    where: quoteUntrusted(reference, 200),
    fix: `write it like ${EXAMPLE}, with ?api=completions before the # for text completions; a key goes into HOLDFAST_API_KEY or OPENAI_API_KEY`,
  }),
) {}

/** A server with several models, or none, when the reference names none. */
export class ServerModelUnclearError extends defineError(
  'SERVER_MODEL_UNCLEAR',
  ({ url, names }: { url: string; names: readonly string[] | null }) => {
    const shown = (names ?? []).slice(0, 10).map((name) => quoteUntrusted(name, 80))
    const more = names !== null && names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
    return {
      summary:
        shown.length === 0
          ? 'The model server lists no models, so the address must name one'
          : `The model server lists several models: ${shown.join(', ')}${more}`,
      where: url,
      fix: `add the model's name: ${url}#model-name`,
    }
  },
) {}

/** A key that the server does not take, or none where it wants one. `reason` is what it said of that. */
export class ServerKeyRefusedError extends defineError('SERVER_KEY_REFUSED', ({ url, reason }: { url: string; reason: string | null }) => ({
  summary: `The model server refused the key, or wants one${reason === null ? '' : `: ${reason}`}`,
  where: url,
  fix: 'set HOLDFAST_API_KEY to a key of this server (OPENAI_API_KEY is used over https and on this machine only)',
})) {}

/** A server that does not answer for the model that was named. */
export class ServerModelRefusedError extends defineError(
  'SERVER_MODEL_REFUSED',
  ({ url, name, reason }: { url: string; name: string; reason: string }) => ({
    summary: `The model server does not answer for ${quoteUntrusted(name, 120)}: ${reason}`,
    where: url,
    fix: `name a model that the server has after the #; ${url}/models may list them`,
  }),
) {}

/** A server that gave nothing usable for many cases in a row. */
export class ServerGoneError extends defineError(
  'SERVER_GONE',
  ({ where, failures, reason }: { where: string; failures: number; reason: string }) => ({
    summary: `The model server failed ${failures} cases one after another, the last with: ${quoteUntrusted(reason, 300)}`,
    where,
    fix: 'see to the server, then run again: what was graded or cached before is kept',
  }),
) {}

/** An eval with tools on a server that completes text alone: every case would look wrong. */
export class ServerToolsError extends defineError('SERVER_WITHOUT_TOOLS', ({ where }: { where: string }) => ({
  summary: 'The eval has tools, and this server is asked for text completions, which know none',
  where,
  fix: 'serve the model with a chat template and leave ?api=completions out of the address, or take the tools out of the eval',
})) {}

/** A model behind a server where one is needed that can be loaded and trained. */
export class ServerModelNotLoadableError extends defineError('MODEL_IS_SERVER', ({ reference }: { reference: string }) => ({
  summary: 'A model behind a server can be asked, but neither loaded nor trained',
  where: quoteUntrusted(reference, 200),
  fix: 'name a model directory or hub id here; holdfast eval --model and holdfast gate --parent/--candidate take a server',
})) {}
