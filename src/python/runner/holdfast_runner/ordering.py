"""Which example a step learns: the spec's order, without the prompts that an instance filter left out."""

from __future__ import annotations

from collections.abc import Callable

from .errors import RunnerError
from .protocol import RunnerExample
from .random_streams import endless_order
from .reading import batch_size
from .rows import TrainingRow
from .stage import StageRun


def examples_of_type(stage: StageRun, kind: str) -> list[int]:
    """Examples of a type that the stage may learn from, by index. None at all is a `RunnerError`."""
    examples = stage.run.spec["examples"]
    found = [i for i, example in enumerate(examples) if example["type"] == kind]
    if not found:
        raise too_few(stage, kind)
    dropped = set(stage.position.prepared.get("dropped", []))
    return [index for index in found if index not in dropped]


def kept_order(stage: StageRun, kind: str) -> list[int]:
    """The spec's order; dropped examples are skipped, and it begins again where it ends too early."""
    allowed = set(examples_of_type(stage, kind))
    order = stage.spec["order"] or []
    dropped = set(stage.position.prepared.get("dropped", []))
    for index in order:
        if index not in allowed and index not in dropped:
            raise RunnerError(
                "SPEC_INVALID",
                f"{stage.spec['method']['name']} learns examples of type {kind}, example {index} has another",
                "use a Holdfast and a runner of the same version",
            )
    kept = [index for index in order if index in allowed]
    if not kept and stage.spec["method"]["steps"] > 0:
        raise too_few(stage, kind)
    return [kept[position % len(kept)] for position in range(len(order))]


def ordered_rows(stage: StageRun, kind: str, row_of: Callable[[RunnerExample], TrainingRow]) -> list[TrainingRow]:
    """The rows of all steps that the stage has still to take; an example that comes again is the same row."""
    examples, made = stage.run.spec["examples"], {}
    order = kept_order(stage, kind)[stage.done * batch_size(stage.spec["method"]) :]
    for index in order:
        if index not in made:
            made[index] = row_of(examples[index])
    return [made[index] for index in order]


def shuffled_rows(stage: StageRun, rows: list[TrainingRow], label: str) -> list[TrainingRow]:
    """Rows of the steps still to take where the spec has no order, because the examples were drawn."""
    batch = batch_size(stage.spec["method"])
    count = (stage.spec["method"]["steps"] - stage.done) * batch
    seed = stage.run.spec["seeds"]["order"]
    return [rows[i] for i in endless_order(len(rows), stage.done * batch, count, seed, label, stage.position.stage)]


def too_few(stage: StageRun, kind: str) -> RunnerError:
    codes = {"pair": "NO_PAIRS", "thumb": "NO_LABELS"}
    return RunnerError(
        codes.get(kind, "TOO_FEW_EXAMPLES"),
        f"{stage.spec['method']['name']} has no example of type {kind} to learn from",
        {
            "pair": "give cases chosen and rejected answers, or let it draw pairs: from 'samples'",
            "thumb": "give cases a thumb, or let it draw answers: from 'samples'",
        }.get(kind, f"give the eval train cases that make a {kind}"),
    )
