/**
 * @file The one list of tuning methods. A new one is a card in a file of its own, a line here, and a line in src/index.ts.
 */
import { dpoCard } from './dpo.ts'
import { grpoCard } from './grpo.ts'
import { ktoCard } from './kto.ts'
import { mdlooCard } from './mdloo.ts'
import { raftCard } from './raft.ts'
import { rlooCard } from './rloo.ts'
import { sftCard } from './sft.ts'
import { simpoCard } from './simpo.ts'

export const METHOD_CARDS = [sftCard, raftCard, dpoCard, ktoCard, simpoCard, grpoCard, rlooCard, mdlooCard] as const
