/**
 * @file The RFT grader "python": its source goes to the grader that runs Python, which decides where and how.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Grade } from '../../eval/grader.ts'
import { RftInvalidError } from './errors.ts'
import type { MakeLeaf } from './leaf.ts'
import { failed } from './rft-failure.ts'
import type { RftScore } from './rft-failure.ts'
import type { RftPython } from './rft-json.ts'

/** The reward of the source's `grade(sample, item)`. `image_tag` is not looked at: the packages are those of the Python here. */
export const pythonLeaf: MakeLeaf<RftPython> = (json, options, where) => {
  if (options.python === null) throw new RftInvalidError({ where, problems: ['python graders need fromRft(json, { python })'] })
  const grader = options.python({ source: json.source, name: json.name, timeoutMs: options.timeoutMs })
  return {
    range: [0, 1],
    timeoutMs: grader.timeoutMs ?? options.timeoutMs,
    async score({ input }) {
      try {
        return scoreOf(await grader.grade(input))
      } catch (error) {
        const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
        return failed('PYTHON_GRADER_SERVER_ERROR', `the Python grader could not run: ${reason}`)
      }
    },
  }
}

function scoreOf({ reward, errors }: Grade): RftScore {
  if (reward !== null) return { score: reward }
  const [error] = errors
  return failed(error?.code ?? 'PYTHON_GRADER_RUNTIME_ERROR', error?.message ?? 'the Python grader gave no reward')
}
