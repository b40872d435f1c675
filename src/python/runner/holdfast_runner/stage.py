"""One stage of a training: a method, its steps, and what happens after each of them.

Event, health, watch, checkpoint, state.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch

from .checkpoints import write_checkpoint
from .errors import Cancelled
from .health import StepFigures, check_health
from .protocol import Rollout, RunnerSpec, RunnerStage
from .reading import updates_per_batch
from .rows import StepFacts
from .run import Run
from .state import Moments, Position, Saved, adapter_tensors, save_state
from .watch import Watch


class StageRun:
    """The present stage. It begins at its first step or goes on from a saved state."""

    def __init__(self, run: Run, saved: Saved | None, index: int) -> None:
        self.run, self.spec = run, run.spec["stages"][index]
        self.position = (
            saved.position if saved else Position(index, self.spec["firstStep"], counts=asdict(run.graders.counts))
        )
        self.moments = saved.moments if saved else Moments()
        self.start = saved.start if saved else adapter_tensors(run)
        self.optimizer: torch.optim.Optimizer | None = None
        self.watch = Watch(run, self.position, self.spec["drawsSamples"])
        self.drawn: dict[str, Any] | None = None
        self._due = due_checkpoints(run.spec, self.spec)

    @property
    def done(self) -> int:
        """Steps of this stage taken so far."""
        return self.position.step - self.spec["firstStep"]

    @property
    def last_step(self) -> int:
        return self.spec["firstStep"] + self.spec["method"]["steps"]

    def prepared(self, what: dict[str, Any], rollouts: list[Rollout], events: list[dict[str, Any]]) -> None:
        """Keeps what was drawn before the stage's first step, so that no crash draws it twice."""
        self.run.files.rollouts(rollouts)
        for event in events:
            self.run.files.event(event)
        self.position.prepared = what
        self.position.counts = asdict(self.run.graders.counts)
        self.save()

    def after_step(self, figures: StepFigures, facts: StepFacts) -> None:
        """An optimizer step was taken. Raises `Cancelled` or `Stopped` when it was the last one for now."""
        check_health(self.position.health, figures, facts)
        self._record(figures, facts, has_loss=True)
        self._keep(figures.step)

    def after_idle_step(self, figures: StepFigures, facts: StepFacts) -> None:
        """A step in which there was nothing to learn: no update, no loss."""
        self._record(figures, facts, has_loss=False)
        self._keep(figures.step)

    def _keep(self, step: int) -> None:
        is_whole = self.done % updates_per_batch(self.spec["method"]) == 0 or step == self.last_step
        if step in self._due:
            self._checkpoint()
        if is_whole and self.run.is_asked_to_end():
            raise Cancelled

    def catch_up(self) -> None:
        """Writes the checkpoint of the saved step where the training was cancelled while its watch was asked."""
        step = self.position.step
        if self.done > 0 and step in self._due and not self.run.files.has_event("checkpoint", step):
            self._checkpoint()

    def _checkpoint(self) -> None:
        self.watch.at_checkpoint()
        write_checkpoint(self.run)
        self.save()

    def _record(self, figures: StepFigures, facts: StepFacts, has_loss: bool) -> None:
        """Tells of a step and moves the position behind it."""
        self.run.files.rollouts(facts.rollouts)
        self.run.files.event(step_event(figures, facts, has_loss))
        self.run.step = self.position.step = figures.step
        self.position.counts = asdict(self.run.graders.counts)
        if self.drawn is not None:
            self.position.prepared, self.drawn = self.drawn, None
        self.watch.saw(facts.mean_reward)

    def save(self) -> None:
        self.keep_moments()
        save_state(self.run, Saved(self.position, self.moments, self.start))

    def keep_moments(self) -> None:
        """Takes the moments out of the present trainer's optimizer."""
        if self.optimizer is not None:
            self.moments.state = self.optimizer.state_dict()["state"]

    def rate(self, step: int) -> float:
        """The spec's rate of a step, counted over all stages."""
        return self.spec["learningRates"][step - self.spec["firstStep"] - 1]


def step_event(figures: StepFigures, facts: StepFacts, has_loss: bool) -> dict[str, Any]:
    """A step as `events.jsonl` keeps it."""
    evals = [name for name, _ in facts.cases]
    return {
        "type": "step",
        "step": figures.step,
        "loss": figures.loss if has_loss else None,
        "gradientNorm": figures.gradient_norm,
        "learningRate": figures.rate,
        "trainedTokens": facts.trained_tokens,
        "meanReward": facts.mean_reward,
        "zeroVarianceShare": facts.zero_variance_share,
        "meanLength": facts.mean_length,
        "caseIds": [case_id for _, case_id in facts.cases],
        "caseEvals": evals if any(evals) else [],
    }


def due_checkpoints(spec: RunnerSpec, stage: RunnerStage) -> frozenset[int]:
    """The stage's checkpoints; with several updates on each batch of rollouts they move up to the end of a batch."""
    first, steps, updates = stage["firstStep"], stage["method"]["steps"], updates_per_batch(stage["method"])
    own = [step - first for step in spec["checkpointSteps"] if 0 < step - first <= steps]
    return frozenset(first + min(steps, -(-step // updates) * updates) for step in own)
