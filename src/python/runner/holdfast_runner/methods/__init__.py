"""The tuning methods by name. Each file says how its method is told to TRL; the loss is TRL's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..protocol import RunnerSpec, RunnerStage
from ..segment import Recipe
from ..stage import StageRun
from . import dpo, grpo, kto, mdloo, raft, rloo, sft, simpo


@dataclass(frozen=True)
class Method:
    """`recipe` is what TRL is told, `run` takes the stage's steps."""

    recipe: Callable[[RunnerSpec, RunnerStage], Recipe]
    run: Callable[[StageRun], None]


METHODS = {
    "sft": Method(sft.recipe, sft.run),
    "raft": Method(sft.recipe, raft.run),
    "dpo": Method(dpo.recipe, dpo.run),
    "kto": Method(kto.recipe, kto.run),
    "simpo": Method(simpo.recipe, simpo.run),
    "grpo": Method(grpo.recipe, grpo.run),
    "rloo": Method(rloo.recipe, rloo.run),
    "mdloo": Method(mdloo.recipe, mdloo.run),
}
