"""Completions drawn of training prompts and graded, outside TRL.

For filters, rejection sampling and pairs made from samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .errors import Cancelled
from .protocol import Rollout
from .random_streams import derive_seed
from .rewards import Completion
from .rows import case_of
from .sampling import SamplingSettings, sample

if TYPE_CHECKING:
    from .run import Run


@dataclass(frozen=True)
class Drawn:
    """One completion of an example's prompt. `place` tells the samples of one prompt in one step apart."""

    example: int
    place: int
    seed: int
    ids: list[int]
    finish: Literal["stop", "length"]
    reward: float | None


@dataclass(frozen=True)
class DrawOrder:
    """What to draw: so many samples of each example's prompt, named by the step that they are drawn for."""

    examples: Sequence[int]
    samples: int
    temperature: float
    step: int
    phase: Literal["filtering", "sampling"]


def sampling_settings(run: Run, temperature: float) -> SamplingSettings:
    spec = run.spec
    return SamplingSettings(
        temperature=temperature,
        top_k=0,
        top_p=1.0,
        max_new_tokens=spec["maxNewTokens"],
        stop_ids=frozenset(spec["stopIds"]),
        pad_id=spec["padId"],
    )


def draw(run: Run, order: DrawOrder) -> list[list[Drawn]]:
    """For each example one group of graded samples. With several processes the first one draws for all."""
    return run.agreed(lambda: _draw(run, order))


def _draw(run: Run, order: DrawOrder) -> list[list[Drawn]]:
    examples = [run.spec["examples"][index] for index in order.examples]
    seeds = [
        [
            derive_seed(run.spec["seeds"]["sampling"], order.phase, order.step, *case_of(example), k)
            for k in range(order.samples)
        ]
        for example in examples
    ]

    def on_progress(done: int, total: int, tokens: int) -> None:
        run.files.progress(order.phase, order.step, tokens)
        if run.end.is_set:
            raise Cancelled

    groups = sample(
        run.model,
        [example["promptIds"] for example in examples],
        seeds,
        sampling_settings(run, order.temperature),
        on_progress,
    )
    completions = [
        Completion(example["eval"], example["caseId"], one.ids, one.finish)
        for example, group in zip(examples, groups)
        for one in group
    ]
    rewards = iter(run.graders.rewards(order.step, completions))
    return [
        [Drawn(index, k, seeds[g][k], one.ids, one.finish, next(rewards)) for k, one in enumerate(groups[g])]
        for g, index in enumerate(order.examples)
    ]


def rollout(run: Run, step: int, drawn: Drawn, used: bool) -> Rollout:
    """A sample as `rollouts.jsonl` keeps it."""
    return {
        "step": step,
        "eval": run.spec["examples"][drawn.example]["eval"],
        "caseId": run.spec["examples"][drawn.example]["caseId"],
        "sample": drawn.place,
        "seed": drawn.seed,
        "text": run.texts.text(drawn.ids),
        "tokenIds": drawn.ids,
        "reward": drawn.reward,
        "advantage": None,
        "used": used,
    }


def has_no_variance(rewards: Sequence[float | None]) -> bool:
    """Whether a group's graded members have one reward, so that none of them is better than another."""
    graded = [reward for reward in rewards if reward is not None]
    return all(abs(reward - graded[0]) < 1e-8 for reward in graded)


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
