"""Rewards from the suite's own graders, and the verdict of whoever watches a training.

A completion that could not be graded has no reward; it is never 0. Too many of them end the training.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from .ending import EndRequest
from .errors import RunnerError
from .posting import Poster
from .protocol import RewardAnswer, RewardMessage, RunnerSpecRewards, WatchAnswer, WatchMessage, WatchMessageItems

ITEMS_PER_MESSAGE = 64


@dataclass(frozen=True)
class Completion:
    """What the graders are asked about."""

    eval: str
    case_id: str
    token_ids: list[int]
    finish: Literal["stop", "length"]

    def item(self) -> WatchMessageItems:
        return {"eval": self.eval, "caseId": self.case_id, "tokenIds": self.token_ids, "finishReason": self.finish}


@dataclass
class RewardCounts:
    """What a resumed training must still know: completions asked about, not graded, and the step's next index."""

    asked: int = 0
    failed: int = 0
    step: int = -1
    next_index: int = 0


class Graders:
    """Asks the grader server. Items of one step are numbered in the order they are asked about."""

    def __init__(self, directory: Path, rank: int, limits: RunnerSpecRewards, end: EndRequest) -> None:
        self._poster = Poster(directory, limits["patienceMs"] / 1000, end)
        self._rank, self._limits = rank, limits
        self.counts = RewardCounts()
        self._rewards = TypeAdapter(RewardAnswer)
        self._watch = TypeAdapter(WatchAnswer)

    def rewards(self, step: int, completions: Sequence[Completion]) -> list[float | None]:
        """One reward for each completion; None where there is none."""
        if self.counts.step != step:
            self.counts.step, self.counts.next_index = step, 0
        found: list[float | None] = []
        for start in range(0, len(completions), ITEMS_PER_MESSAGE):
            found.extend(self._ask(step, completions[start : start + ITEMS_PER_MESSAGE]))
        self.counts.asked += len(found)
        self.counts.failed += found.count(None)
        self._check_budget()
        return found

    def watch(self, step: int, mean_reward: float | None, answers: Sequence[Completion]) -> WatchAnswer:
        """Whether the training may go on. Without an answer it may not: nobody would see what it does."""
        message: WatchMessage = {
            "step": step,
            "meanReward": mean_reward,
            "items": [answer.item() for answer in answers],
        }
        answer = self._poster.post("/watch", message, self._watch, lambda _: True)
        if isinstance(answer, str):
            raise RunnerError(
                "WATCH_UNREACHABLE",
                f"nobody answered the watch at step {step}: {answer}",
                "start the run again: it goes on from its last checkpoint",
            )
        return answer

    def _ask(self, step: int, completions: Sequence[Completion]) -> list[float | None]:
        first = self.counts.next_index
        self.counts.next_index += len(completions)
        items = [{"index": first + i, **completion.item()} for i, completion in enumerate(completions)]
        message: RewardMessage = {"step": step, "rank": self._rank, "items": items}
        wanted = [item["index"] for item in items]
        answer = self._poster.post(
            "/rewards", message, self._rewards, lambda given: [one["index"] for one in given["rewards"]] == wanted
        )
        if isinstance(answer, str):
            return [None] * len(items)
        return [_finite(one["reward"]) for one in answer["rewards"]]

    def _check_budget(self) -> None:
        failed, asked = self.counts.failed, self.counts.asked
        if failed > max(self._limits["errorMinimum"], self._limits["errorShare"] * asked):
            raise RunnerError(
                "REWARD_ERRORS",
                f"{failed} of {asked} completions could not be graded",
                "mend the graders (rewards.jsonl says why each one failed) and start the run again: "
                "it goes on from its last checkpoint",
            )


def _finite(reward: float | None) -> float | None:
    return reward if reward is not None and math.isfinite(reward) else None
