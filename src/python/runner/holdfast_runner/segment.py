"""One TRL trainer from first step to last: a stage from where it begins or goes on, or one epoch of rejection sampling.

A trainer always starts at its own step 0; the adapter and the optimizer's moments are what it goes on with. So TRL's
own resuming is not used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from transformers import PrinterCallback, Trainer

from .optimizer import ListedRates, make_optimizer
from .options import BatchPlan, build_config, common_options, merged_options, plan_batches
from .protocol import RunnerSpec, RunnerStage
from .reading import batch_size
from .recorder import StepRecorder
from .rows import StepFacts, TokenRow, TrainingRow
from .stage import StageRun
from .state import set_adapter_tensors
from .texts import stand_in_tokenizer


@dataclass(frozen=True)
class Recipe:
    """How a method is said to TRL. `sequences_per_row` are those that pass through the model for one row."""

    config: type
    options: dict[str, Any]
    make: Callable[[Segment], Trainer]
    sequences_per_row: int = 1
    least_micro: int = 1
    reference: Literal["parent", "base"] | None = None

    def plan(self, spec: RunnerSpec, stage: RunnerStage, world: int) -> BatchPlan:
        sequences = batch_size(stage["method"]) * self.sequences_per_row
        return plan_batches(sequences, spec["device"], world, self.least_micro)

    def build(self, spec: RunnerSpec, stage: RunnerStage, world: int, steps: int) -> Any:
        """The config of a trainer of so many steps, checked by TRL."""
        ours = {**common_options(spec, stage, self.plan(spec, stage, world)), "max_steps": steps, **self.options}
        return build_config(self.config, merged_options(self.config, ours, stage))


@dataclass
class Segment:
    """What a method's trainer is made of. `first` is the number of the stage's steps before it."""

    stage: StageRun
    recipe: Recipe
    rows: Sequence[TrainingRow]
    first: int
    args: Any = None
    expected: Callable[[int], frozenset[TokenRow]] | None = None
    facts: Callable[[int], StepFacts] | None = None
    callbacks: list[Any] = field(default_factory=list)

    @property
    def batch(self) -> int:
        return batch_size(self.stage.spec["method"])

    def shared(self) -> dict[str, Any]:
        """Arguments that every TRL trainer takes."""
        tokenizer = stand_in_tokenizer(self.stage.run.spec["stopIds"][0])
        return {
            "model": self.stage.run.model,
            "args": self.args,
            "processing_class": tokenizer,
            "callbacks": self.callbacks,
        }

    def rows_of(self, step: int) -> Sequence[TrainingRow]:
        """The rows of a step counted from 0."""
        return self.rows[step * self.batch : (step + 1) * self.batch]

    def row_facts(self, step: int) -> StepFacts:
        """What is known of a step, counted from 1, from its rows alone."""
        rows = self.rows_of(step - 1)
        return StepFacts([row.case for row in rows], sum(row.trained_tokens for row in rows))


def train_rows(stage: StageRun, recipe: Recipe, rows: Sequence[TrainingRow], first: int) -> None:
    """Learns the rows, which begin with those of the stage's step `first + 1`."""
    segment = Segment(stage, recipe, rows, first)
    steps = len(rows) // segment.batch
    segment.args = recipe.build(stage.run.spec, stage.spec, _world(), steps)
    recorder = StepRecorder(stage, first, segment.row_facts)
    segment.callbacks = [recorder]
    base = stage.run.model.get_base_model()
    forward = vars(base).get("forward")
    trainer = recipe.make(segment)
    try:
        _equip(trainer, segment, recorder)
        trainer.train()
    finally:
        _leave_as_found(trainer, stage, forward)


def _equip(trainer: Any, segment: Segment, recorder: StepRecorder) -> None:
    stage = segment.stage
    trainer.remove_callback(PrinterCallback)
    trainer.expected = segment.expected or (
        lambda step: frozenset(one for row in segment.rows_of(step) for one in row.sequences)
    )
    recorder.facts_of = segment.facts or segment.row_facts
    model = stage.run.model
    if "ref" in model.peft_config and segment.recipe.reference == "parent":
        set_adapter_tensors(stage.run, stage.start, "ref")
    elif "ref" in model.peft_config:
        model.delete_adapter("ref")
    stage.optimizer = make_optimizer(model, stage.spec["optimizer"], stage.moments)
    trainer.optimizer = stage.optimizer
    trainer.lr_scheduler = ListedRates(stage.optimizer, stage.spec["learningRates"][segment.first :])


def _leave_as_found(trainer: Any, stage: StageRun, forward: Any) -> None:
    """TRL adds a reference adapter and patches the base's forward; the next trainer finds neither."""
    stage.keep_moments()
    model = stage.run.model
    trainer.accelerator.unwrap_model(model, keep_fp32_wrapper=False)
    if "ref" in model.peft_config:
        model.delete_adapter("ref")
    base = model.get_base_model()
    if forward is None:
        vars(base).pop("forward", None)
    else:
        base.forward = forward


def _world() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))
