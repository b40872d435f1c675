/**
 * @file Gives each completion of a training one reward, however often it is asked for: while it is graded, after it, and after a restart.
 * It knows nothing of HTTP.
 */
import { InternalError, isHoldfastError, type HoldfastError } from '../../../base/errors.ts'
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import type { RewardRequest } from '../../../grading/reward-function.ts'
import { completionsOf, type CompletionDecoder } from './completion.ts'
import type { RewardJournal } from './journal.ts'
import type { GraderLimits } from './limits.ts'
import { GraderQueue } from './queue.ts'
import { completionIdentity, hashTokens, rewardKey } from './record.ts'
import type { RewardItem, RewardRecord, RewardSource, RewardVerdict } from './record.ts'
import { badRequest, busy, conflict, ended, type Refusal, type Reply } from './refusal.ts'
import { verdictOf, type GraderServices } from './verdict.ts'
import type { RewardAnswer, RewardMessage } from '../protocol.ts'

/** What rewards are given from and written to. */
export interface GraderRewardsParts {
  readonly services: GraderServices
  readonly decoder: CompletionDecoder
  readonly journal: RewardJournal
  readonly source: RewardSource
  readonly limits: GraderLimits
  /** Told when the training must end: a case that may not be rewarded, or a record that cannot be written. */
  readonly onProblem: (problem: HoldfastError) => void
}

interface Given {
  readonly step: number
  /** Empty when it must be graded again. */
  identity: string
  readonly verdict: Promise<RewardVerdict>
  /** Read from the journal of an earlier process, where it could not be graded. */
  readonly isUngraded: boolean
  /** Given in a part of the training that is run again, and not asked for since. */
  replaceable: boolean
}

interface Asked {
  readonly item: RewardItem
  readonly key: string
  readonly tokensHash: string
  readonly identity: string
}

/** The rewards of one training. */
export class GraderRewards {
  readonly #parts: GraderRewardsParts
  readonly #queue: GraderQueue
  readonly #given = new Map<string, Given>()
  #isOpen = true

  constructor(parts: GraderRewardsParts) {
    this.#parts = parts
    this.#queue = new GraderQueue(parts.limits.gradedAtOnce)
    for (const record of parts.journal.earlier) {
      const { step, reward, error } = record
      this.#given.set(rewardKey(record), {
        step,
        identity: completionIdentity(record),
        verdict: Promise.resolve({ reward, error }),
        isUngraded: reward === null,
        replaceable: false,
      })
    }
  }

  /** Rewards in the order of the items, all of them on disk; or a refusal that took nothing. */
  async answer(message: RewardMessage): Promise<Reply<RewardAnswer>> {
    if (!this.#isOpen) return { refusal: CLOSING }
    const asked = message.items.map((item) => ask({ ...item, step: message.step, rank: message.rank }))
    const fresh = asked.filter(({ key, identity }) => this.#given.get(key)?.identity !== identity)
    const refusal = this.#refuse(asked, fresh)
    if (refusal !== null) return { refusal }
    const completions = completionsOf(
      this.#parts.decoder,
      fresh.map(({ item }) => item),
    )
    if ('refusal' in completions) return completions
    for (const [i, one] of fresh.entries()) this.#begin(one, completions.answer[i] as RewardRequest)
    return this.#collect(asked)
  }

  /**
   * What was given after `step` may be asked for again with other tokens: the training goes on from there. What could not be graded is graded again
   * even with the same tokens, because the graders may have been mended since.
   */
  forgetAfter(step: number): void {
    for (const given of this.#given.values()) {
      if (given.step <= step) continue
      given.replaceable = true
      if (given.isUngraded) given.identity = ''
    }
  }

  /** What is being graded now is dropped, what waits is not graded. @throws DiskFullError, FileWriteError */
  close(): void {
    this.#isOpen = false
    this.#parts.journal.close()
  }

  #refuse(asked: readonly Asked[], fresh: readonly Asked[]): Refusal | null {
    if (new Set(asked.map(({ key }) => key)).size < asked.length) return badRequest('an index appears twice among the items')
    const taken = fresh.find(({ key }) => this.#given.get(key)?.replaceable === false)
    if (taken !== undefined) {
      const { step, rank, index, caseId } = taken.item
      return conflict(
        `step ${step}, rank ${rank}, index ${index} was rewarded for another completion than this one of case ${quoteUntrusted(caseId)}`,
      )
    }
    const { waiting } = this.#queue
    const limit = this.#parts.limits.waiting
    if (waiting > 0 && waiting + fresh.length > limit) return busy(`${waiting} completions wait to be graded, ${limit} may`)
    return null
  }

  #begin(asked: Asked, request: RewardRequest): void {
    const { services, limits } = this.#parts
    const replaces = this.#given.has(asked.key)
    const graded = this.#queue.run(async () => (this.#isOpen ? verdictOf(services, request, limits.deadlineMs) : NOT_ASKED))
    const verdict = graded.then((settled) => {
      this.#settle({ asked, given, replaces }, settled)
      return settled
    })
    const given: Given = { step: asked.item.step, identity: asked.identity, verdict, isUngraded: false, replaceable: false }
    this.#given.set(asked.key, given)
    verdict.catch(() => this.#drop(asked.key, given))
  }

  #settle(work: { readonly asked: Asked; readonly given: Given; readonly replaces: boolean }, verdict: RewardVerdict): void {
    const { asked, given, replaces } = work
    // Replaced meanwhile by a training that goes on from an earlier step, or nobody is left to be told.
    if (this.#given.get(asked.key) !== given || !this.#isOpen) return
    this.#parts.journal.add(recordOf(this.#parts.source, asked, verdict), replaces)
  }

  #drop(key: string, given: Given): void {
    if (this.#given.get(key) === given) this.#given.delete(key)
  }

  async #collect(asked: readonly Asked[]): Promise<Reply<RewardAnswer>> {
    const given = asked.map(({ key }) => this.#given.get(key) as Given)
    for (const one of given) one.replaceable = false
    try {
      const verdicts = await Promise.all(given.map(({ verdict }) => verdict))
      if (!this.#isOpen) return { refusal: CLOSING }
      this.#parts.journal.flush()
      return { answer: { rewards: verdicts.map((verdict, i) => ({ index: (asked[i] as Asked).item.index, ...verdict })) } }
    } catch (error) {
      const problem = isHoldfastError(error) ? error : new InternalError(String(error), 'GraderRewards')
      this.#parts.onProblem(problem)
      return { refusal: ended(problem.code === 'REWARD_REFUSED' ? 403 : 500, problem) }
    }
  }
}

const CLOSING = busy('the grader server is closing')
/** For completions that waited when the server closed: nobody gets it. */
const NOT_ASKED: RewardVerdict = { reward: null, error: 'CLOSED: the grader server closed' }

function ask(item: RewardItem): Asked {
  const tokensHash = hashTokens(item.tokenIds)
  return { item, key: rewardKey(item), tokensHash, identity: completionIdentity({ ...item, tokensHash }) }
}

function recordOf(source: RewardSource, { item, tokensHash }: Asked, verdict: RewardVerdict): RewardRecord {
  const { step, rank, index, caseId, finishReason } = item
  const origin = { schemaVersion: 1 as const, run: source.run, round: source.round, arm: source.arm, step, rank, index }
  const completion = { eval: item.eval, caseId, finishReason, tokensHash }
  return {
    ...origin,
    ...completion,
    reward: verdict.reward,
    error: verdict.error,
    graderHash: source.graderHash(item.eval),
    profile: 'reward',
  }
}
