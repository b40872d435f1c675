"""Instance filtering: before a stage the present policy answers every prompt; those that teach nothing are left out.

Source: RIF-RFT, arXiv:2507.05386.
"""

from __future__ import annotations

from .drawing import Drawn, DrawOrder, draw, rollout
from .errors import RunnerError
from .preferences import refuse_ungraded
from .reading import pass_threshold
from .stage import StageRun


def filter_instances(stage: StageRun) -> None:
    """Writes the `filtered` event and remembers the dropped examples.

    Does nothing where the stage has no filter or is past it.
    """
    settings = stage.spec["method"].get("instanceFilter")
    if settings is None or "dropped" in stage.position.prepared:
        return
    run, step = stage.run, stage.position.step + 1
    indices = _learned_examples(stage)
    order = DrawOrder(indices, settings["samples"], stage.spec["method"]["temperature"], step, "filtering")
    groups = draw(run, order)
    samples = [one for group in groups for one in group]
    refuse_ungraded(samples)
    dropped = [
        index
        for index, group in zip(indices, groups)
        if not _teaches(group, pass_threshold(run.spec, index), settings["keep"])
    ]
    if len(dropped) == len(indices):
        raise _nothing_learnable(settings["keep"], len(indices), settings["samples"])
    names = [run.spec["examples"][index]["caseId"] for index in dropped]
    event = {"type": "filtered", "kept": len(indices) - len(dropped), "dropped": names}
    stage.prepared(
        {**stage.position.prepared, "dropped": dropped}, [rollout(run, step, one, False) for one in samples], [event]
    )


def _learned_examples(stage: StageRun) -> list[int]:
    """The examples that the stage would learn from: those of its order, or all prompts."""
    order = stage.spec["order"]
    if order is not None:
        return sorted(set(order))
    return [i for i, example in enumerate(stage.run.spec["examples"]) if example["type"] == "prompt"]


def _teaches(group: list[Drawn], threshold: float, keep: str) -> bool:
    """A sample without a reward counts as neither solved nor unsolved."""
    solved = [one.reward >= threshold for one in group if one.reward is not None]
    return any(solved) and (keep == "solvable" or not all(solved))


def _nothing_learnable(keep: str, prompts: int, samples: int) -> RunnerError:
    wanted = "solved by a sample" if keep == "solvable" else "solved by some samples and not by others"
    return RunnerError(
        "NOTHING_LEARNABLE",
        f"the instance filter left out all {prompts} prompts: none was {wanted} among {samples}",
        "put sft before it in a chain, draw more samples, or leave the filter out",
    )
