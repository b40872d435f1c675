"""Rejection sampling: in each epoch the model answers prompts, the graders choose, and the steps learn what passed.

Source: Dong et al., arXiv:2304.06767, algorithm 1. As in the embedded trainer a sample is kept when it passes, at most
two different ones of each prompt. The loss is that of `sft`.
"""

from __future__ import annotations

from ..drawing import Drawn, DrawOrder, draw, mean, rollout
from ..errors import RunnerError
from ..health import StepFigures
from ..ordering import examples_of_type
from ..protocol import Rollout
from ..random_streams import endless_order, shuffled
from ..reading import pass_threshold
from ..rows import StepFacts
from ..segment import train_rows
from ..stage import StageRun
from ..telling import telling
from .sft import demonstration_row, recipe

KEPT_PER_PROMPT = 2


def run(stage: StageRun) -> None:
    """Draws and learns epoch by epoch."""
    method = stage.spec["method"]
    epoch_steps = max(1, -(-method["steps"] // method["epochs"]))
    while stage.done < method["steps"]:
        epoch = stage.done // epoch_steps
        end = min(method["steps"], (epoch + 1) * epoch_steps)
        first_facts = None
        if stage.done == epoch * epoch_steps:
            first_facts = _draw_epoch(stage, epoch)
        _learn_epoch(stage, epoch, range(stage.done, end), first_facts)


def _draw_epoch(stage: StageRun, epoch: int) -> StepFacts:
    """Fills the pool of the epoch and tells of its samples.

    Both become part of the record with the epoch's first step.
    """
    run, method = stage.run, stage.spec["method"]
    step = stage.position.step + 1
    groups = draw(
        run, DrawOrder(_prompts(stage, epoch), method["samplesPerPrompt"], method["temperature"], step, "sampling")
    )
    kept = [_passing(stage, group, epoch) for group in groups]
    pool = [[one.example, one.ids] for chosen in kept for one in chosen]
    if not pool and epoch == 0:
        raise RunnerError(
            "NOTHING_LEARNABLE",
            f"none of {sum(map(len, groups))} samples of {len(groups)} prompts passed",
            "draw more samplesPerPrompt, lower the pass threshold, or put sft before raft in a chain",
        )
    stage.drawn = {**stage.position.prepared, "pool": pool}
    rollouts: list[Rollout] = [
        rollout(run, step, one, used=one in chosen) for group, chosen in zip(groups, kept) for one in group
    ]
    return _sample_facts([one for group in groups for one in group], rollouts)


def _prompts(stage: StageRun, epoch: int) -> list[int]:
    """The epoch's prompts, each once."""
    prompts = examples_of_type(stage, "prompt")
    count = stage.spec["method"]["promptsPerEpoch"]
    seed = stage.run.spec["seeds"]["order"]
    order = endless_order(len(prompts), epoch * count, count, seed, "raft-prompts", stage.position.stage)
    return [prompts[i] for i in dict.fromkeys(order)]


def _passing(stage: StageRun, group: list[Drawn], epoch: int) -> list[Drawn]:
    threshold = pass_threshold(stage.run.spec, group[0].example)
    different: dict[tuple[int, ...], Drawn] = {}
    for one in group:
        if one.reward is not None and one.reward >= threshold:
            different.setdefault(tuple(one.ids), one)
    passing = list(different.values())
    seed = stage.run.spec["seeds"]["order"]
    order = shuffled(len(passing), seed, "raft-choice", stage.position.stage, epoch, group[0].example)
    return [passing[i] for i in order[:KEPT_PER_PROMPT]]


def _sample_facts(samples: list[Drawn], rollouts: list[Rollout]) -> StepFacts:
    return StepFacts(
        cases=[],
        trained_tokens=0,
        mean_reward=mean([one.reward for one in samples if one.reward is not None]),
        mean_length=mean([len(one.ids) for one in samples]),
        rollouts=rollouts,
        rewards=[one.reward for one in samples],
        truncated_share=mean([one.finish == "length" for one in samples]),
    )


def _learn_epoch(stage: StageRun, epoch: int, steps: range, first_facts: StepFacts | None) -> None:
    pool = (stage.drawn or stage.position.prepared)["pool"]
    if not pool:
        _idle(stage, steps, first_facts)
        return
    examples, method = stage.run.spec["examples"], stage.spec["method"]
    made = [demonstration_row(examples[index], ids) for index, ids in pool]
    start = epoch * max(1, -(-method["steps"] // method["epochs"]))
    seed = stage.run.spec["seeds"]["order"]
    first, length = (steps.start - start) * method["batchSize"], len(steps) * method["batchSize"]
    order = endless_order(len(made), first, length, seed, "raft", stage.position.stage, epoch)
    plain = recipe(stage.run.spec, stage.spec)
    train_rows(
        stage, plain if first_facts is None else telling(plain, first_facts), [made[i] for i in order], stage.done
    )


def _idle(stage: StageRun, steps: range, first_facts: StepFacts | None) -> None:
    """An epoch in which nothing passed: its steps are told of and change nothing."""
    for step in steps:
        number = stage.spec["firstStep"] + step + 1
        facts = first_facts if first_facts is not None and step == steps.start else StepFacts([], 0)
        stage.after_idle_step(StepFigures(number, 0.0, 0.0, stage.rate(number)), facts)
