/**
 * @file All instructions by their ids: the 25 of IFEval (Zhou et al., 2023, arXiv:2311.07911), those of IFBench, and those that Tülu 3 was trained with.
 */
import { benchCounts } from './bench-counts.ts'
import { benchFormat } from './bench-format.ts'
import { benchTasks } from './bench-tasks.ts'
import { benchWords } from './bench-words.ts'
import { format } from './format.ts'
import type { Instruction } from './instruction.ts'
import { keywords } from './keywords.ts'
import { length } from './length.ts'
import { trained } from './trained.ts'
import { wording } from './wording.ts'

/** Instructions by id. */
export const CHECKS: ReadonlyMap<string, Instruction> = new Map([
  ...Object.entries({ ...keywords, ...length, ...format, ...wording }),
  ...Object.entries({ ...benchCounts, ...benchWords, ...benchFormat, ...benchTasks, ...trained }).map(
    ([id, instruction]) => [id, ofWords(instruction)] as const,
  ),
])

/** What has neither letter nor digit follows none: there every word and every sentence is as asked for. */
function ofWords(instruction: Instruction): Instruction {
  return (given) => {
    const check = instruction(given)
    return typeof check === 'string' ? check : (text) => /[\p{L}\p{N}]/u.test(text) && check(text)
  }
}

const TASK = "its reference checks one prompt's answer by signs of it that wrong answers have too"

/** Instructions of the same benchmarks that cannot be checked exactly, with the reason. */
export const UNCHECKED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'words:start_verb': 'it needs a tagger of parts of speech',
    'words:odd_even_syllables': 'it needs a count of syllables',
    'ratio:overlap': 'releases of its reference count the trigrams of words or of letters',
    'detectable_format:sentence_hyphens': 'its reference compares with nothing',
    'count:counting_composition': 'its reference counts full stops as words',
    'custom:mcq_count_length': TASK,
    'custom:reverse_newline': TASK,
    'custom:word_reverse': TASK,
    'custom:character_reverse': TASK,
    'custom:csv_city': TASK,
    'custom:csv_special_character': TASK,
    'custom:csv_quotes': TASK,
  }),
)
