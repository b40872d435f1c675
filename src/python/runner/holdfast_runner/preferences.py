"""Pairs and labels that nobody gave.

Before the stage the model answers prompts several times, and the graders' rewards tell its answers apart. Prompts are
taken in a random order until there is data for every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .drawing import Drawn, DrawOrder, Goal, draw, mean, rollout
from .errors import RunnerError
from .ordering import examples_of_type, ordered_rows, shuffled_rows, too_few
from .protocol import RunnerExample
from .random_streams import shuffled
from .reading import pass_threshold
from .rows import StepFacts, TrainingRow
from .segment import Recipe, train_rows
from .stage import StageRun
from .telling import telling


@dataclass(frozen=True)
class Choice:
    """An example made of samples: the fields that it has beside its prompt, and the samples in it."""

    fields: dict[str, Any]
    members: list[Drawn]


@dataclass(frozen=True)
class Preference:
    """A kind of preference data. `choose` makes it of one prompt's graded samples and the pass threshold."""

    kind: Literal["pair", "thumb"]
    row_of: Callable[[RunnerExample], TrainingRow]
    choose: Callable[[Sequence[Drawn], float], list[Choice]]


def run_preference(stage: StageRun, recipe: Recipe, preference: Preference) -> None:
    """Learns what people gave, in the spec's order, or what the graders chose among samples."""
    if stage.spec["method"]["from"] == "people":
        train_rows(stage, recipe, ordered_rows(stage, preference.kind, preference.row_of), stage.done)
        return
    if "made" not in stage.position.prepared:
        _draw(stage, preference)
    kept = stage.position.prepared
    rows = [preference.row_of({**stage.run.spec["examples"][index], **fields}) for index, fields in kept["made"]]
    if stage.done == 0:
        recipe = telling(recipe, StepFacts([], 0, mean_reward=kept["meanReward"], mean_length=kept["meanLength"]))
    train_rows(stage, recipe, shuffled_rows(stage, rows, preference.kind), stage.done)


def _draw(stage: StageRun, preference: Preference) -> None:
    run, method = stage.run, stage.spec["method"]
    step = stage.position.step + 1
    found, samples_each = examples_of_type(stage, "prompt"), method["samplesPerPrompt"]
    prompts = [found[i] for i in shuffled(len(found), run.spec["seeds"]["order"], "prompts", stage.position.stage)]

    def chosen(group: Sequence[Drawn]) -> list[Choice]:
        return preference.choose(group, pass_threshold(run.spec, group[0].example)) if group else []

    goal = Goal(
        needed=method["steps"] * method["batchSize"],
        most=1 if preference.kind == "pair" else samples_each,
        count=lambda group: len(chosen(group)),
    )
    groups = draw(run, DrawOrder(prompts, samples_each, method["temperature"], step, "sampling", goal))
    samples = [one for group in groups for one in group]
    refuse_ungraded(samples)
    made = [(group[0].example, choice) for group in groups for choice in chosen(group)]
    if not made:
        raise _nothing_made(stage, preference)
    used = {id(member) for _, choice in made for member in choice.members}
    kept = {
        **stage.position.prepared,
        "made": [[index, choice.fields] for index, choice in made],
        "meanReward": mean([one.reward for one in samples if one.reward is not None]),
        "meanLength": mean([len(one.ids) for one in samples]),
    }
    stage.prepared(kept, [rollout(run, step, one, id(one) in used) for one in samples], [])


def refuse_ungraded(samples: Sequence[Drawn]) -> None:
    """Samples of which not one could be graded tell nothing."""
    if samples and all(one.reward is None for one in samples):
        raise RunnerError(
            "REWARDS_MISSING",
            f"none of the {len(samples)} completions drawn before the stage could be graded",
            "mend the graders (rewards.jsonl says why each one failed) and start the run again",
        )


def _nothing_made(stage: StageRun, preference: Preference) -> RunnerError:
    if preference.kind == "thumb":
        return too_few(stage, "thumb")
    return RunnerError(
        "NO_PAIRS",
        "no prompt has two samples of different reward, so there is no pair to learn from",
        "draw more samplesPerPrompt at a higher temperature, or put sft before it in a chain",
    )
