"""Completions drawn of training prompts and graded, outside TRL.

For filters, rejection sampling and pairs made from samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from .drawn_parts import DrawnParts
from .errors import Cancelled
from .protocol import Rollout, RunnerProgressDrawn as DrawingProgress
from .random_streams import derive_seed
from .reading import limits_of
from .rewards import Completion
from .rows import case_of
from .sampling import OnProgress, Sampled, SamplingSettings, sample

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
class Goal:
    """When enough was drawn: `count` says what one prompt's samples give, at most `most` each; `needed` is asked for."""

    needed: int
    most: int
    count: Callable[[Sequence[Drawn]], int]


@dataclass(frozen=True)
class DrawOrder:
    """What to draw: so many samples of each example's prompt, named by the step that they are drawn for.

    Without a goal all examples are drawn.
    """

    examples: Sequence[int]
    samples: int
    temperature: float
    step: int
    phase: Literal["filtering", "sampling"]
    goal: Goal | None = None


PART_COMPLETIONS = 128
"""So many are drawn and graded before they reach the disk."""


def draw_prompts(
    run: Run, examples: Sequence[int], seeds: Sequence[Sequence[int]], temperature: float, on_progress: OnProgress
) -> list[list[Sampled]]:
    """For each example, for each of its seeds, one completion, no longer than the example's eval allows.

    Examples of one limit are drawn together.
    """
    spec = run.spec
    limits = [limits_of(spec, spec["examples"][index]["eval"])[0] for index in examples]
    found: dict[int, list[Sampled]] = {}
    for limit in dict.fromkeys(limits):
        chosen = [i for i, own in enumerate(limits) if own == limit]
        prompts = [spec["examples"][examples[i]]["promptIds"] for i in chosen]
        settings = sampling_settings(run, temperature, limit)
        found.update(zip(chosen, sample(run.model, prompts, [seeds[i] for i in chosen], settings, on_progress)))
    return [found[i] for i in range(len(examples))]


def sampling_settings(run: Run, temperature: float, limit: int) -> SamplingSettings:
    spec = run.spec
    return SamplingSettings(
        temperature=temperature,
        top_k=0,
        top_p=1.0,
        max_new_tokens=limit,
        stop_ids=frozenset(spec["stopIds"]),
        pad_id=spec["padId"],
    )


def draw(run: Run, order: DrawOrder) -> list[list[Drawn]]:
    """For each example one group of graded samples. With several processes the first one draws for all."""
    return run.agreed(lambda: _draw(run, order))


def _draw(run: Run, order: DrawOrder) -> list[list[Drawn]]:
    """Part by part; what an earlier process drew of it is read back."""
    name = [order.phase, order.step, order.samples, order.temperature, list(order.examples)]
    kept = DrawnParts(run.directory, name)
    groups: list[list[Drawn]] = []
    position = 0
    while len(groups) < len(order.examples):
        size = _part_size(order, groups)
        if size == 0:
            break
        examples = order.examples[len(groups) : len(groups) + size]
        part = kept.read(position, examples)
        if part is None:
            drawn = _draw_part(run, order, examples, groups)
            samples = [[asdict(one) for one in group] for group in drawn]
            part = {"examples": list(examples), "samples": samples, "counts": asdict(run.graders.counts)}
            kept.write(position, part)
            if run.end.is_set:
                raise Cancelled
        vars(run.graders.counts).update(part["counts"])
        groups.extend([Drawn(**one) for one in group] for group in part["samples"])
        position += 1
    return groups


def _part_size(order: DrawOrder, groups: Sequence[Sequence[Drawn]]) -> int:
    """Prompts of the next part; 0 where the goal is reached."""
    most = max(1, PART_COMPLETIONS // order.samples)
    if order.goal is None:
        return most
    missing = order.goal.needed - sum(order.goal.count(group) for group in groups)
    return min(most, max(0, -(-missing // order.goal.most)))


def _draw_part(
    run: Run, order: DrawOrder, indices: Sequence[int], before: Sequence[Sequence[Drawn]]
) -> list[list[Drawn]]:
    examples = [run.spec["examples"][index] for index in indices]
    seeds = [
        [
            derive_seed(run.spec["seeds"]["sampling"], order.phase, order.step, example["caseId"], k)
            for k in range(order.samples)
        ]
        for example in examples
    ]
    goal = order.goal
    done = len(before) if goal is None else sum(goal.count(group) for group in before)
    drawn = DrawingProgress(done=done, total=len(order.examples) if goal is None else goal.needed)

    def on_progress(done: int, total: int, tokens: int) -> None:
        run.files.progress(order.phase, order.step, tokens, drawn)
        if run.end.is_set:
            raise Cancelled

    groups = draw_prompts(run, indices, seeds, order.temperature, on_progress)
    completions = [
        Completion(example["eval"], example["caseId"], one.ids, one.finish)
        for example, group in zip(examples, groups)
        for one in group
    ]
    rewards = iter(run.graders.rewards(order.step, completions))
    return [
        [Drawn(index, k, seeds[g][k], one.ids, one.finish, next(rewards)) for k, one in enumerate(groups[g])]
        for g, index in enumerate(indices)
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
