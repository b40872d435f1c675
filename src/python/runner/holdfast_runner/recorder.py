"""Listens to a TRL trainer and turns what it logs of a step into our own event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainerCallback

from .health import StepFigures
from .random_streams import derive_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .rows import StepFacts
    from .stage import StageRun


class StepRecorder(TrainerCallback):
    """`first` is the number of the stage's steps taken before this trainer.

    `facts_of` tells of a step counted from 1 within it.
    """

    def __init__(self, stage: StageRun, first: int, facts_of: Callable[[int], StepFacts]) -> None:
        self._stage, self._before, self.facts_of = stage, stage.spec["firstStep"] + first, facts_of

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Whatever TRL draws from torch's global generator in a step is named by the step."""
        step = self._before + state.global_step + 1
        torch.manual_seed(derive_seed(self._stage.run.spec["seeds"]["sampling"], "step", step))
        self._stage.run.files.progress("updating", step)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        if logs is None or "loss" not in logs or "grad_norm" not in logs:
            return
        step = self._before + state.global_step
        figures = StepFigures(step, float(logs["loss"]), float(logs["grad_norm"]), float(logs["learning_rate"]))
        self._stage.after_step(figures, self.facts_of(state.global_step))
