"""What one TRL trainer is given to learn from, laid out in the order it is learned.

Rows of token ids and whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from datasets import Dataset

from .protocol import Rollout, RunnerExample

TokenRow = tuple[tuple[int, ...], tuple[int, ...]]
"""A prompt and the completion that is learned after it."""


CaseName = tuple[str, str]
"""The eval (empty: the round's own) and the id of a case: ids alone are only unique within an eval."""


@dataclass(frozen=True)
class TrainingRow:
    """One example of a step. `columns` is what the trainer reads.

    `sequences` are the tokens that it must be trained on, exactly.
    """

    case: CaseName
    columns: dict[str, Any]
    sequences: tuple[TokenRow, ...]

    @property
    def trained_tokens(self) -> int:
        return sum(len(completion) for _, completion in self.sequences)


@dataclass(frozen=True)
class StepFacts:
    """What a step tells besides its loss. Rewards, lengths and rollouts are those of completions drawn for it."""

    cases: list[CaseName]
    trained_tokens: int
    mean_reward: float | None = None
    zero_variance_share: float | None = None
    mean_length: float | None = None
    rollouts: list[Rollout] = field(default_factory=list)
    rewards: list[float | None] | None = None
    truncated_share: float | None = None
    can_learn: bool = True


def case_of(example: RunnerExample) -> CaseName:
    return example["eval"], example["caseId"]


def token_row(prompt: Sequence[int], completion: Sequence[int]) -> TokenRow:
    return tuple(prompt), tuple(completion)


def dataset_of(rows: Sequence[TrainingRow]) -> Dataset:
    """The rows as TRL takes them, in their order; a row that is learned several times is kept once."""
    indexes: dict[int, int] = {}
    kept: list[dict[str, Any]] = []
    for row in rows:
        if id(row) not in indexes:
            indexes[id(row)] = len(kept)
            kept.append(row.columns)
    return Dataset.from_list(kept).select([indexes[id(row)] for row in rows])
