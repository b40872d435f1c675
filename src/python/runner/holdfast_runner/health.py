"""Signs that a training learns nothing, as errors that say what to change. Counts are part of the saved state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .errors import RunnerError
from .rows import StepFacts

ZERO_GRADIENT_STEPS = 5
NO_VARIANCE_STEPS = 5
TRUNCATED_STEPS = 3


@dataclass(frozen=True)
class StepFigures:
    step: int
    loss: float
    gradient_norm: float
    rate: float


def check_health(counts: dict[str, int], figures: StepFigures, facts: StepFacts) -> None:
    """Looks at one step. `counts` are changed; they begin empty in every stage."""
    _check_finite(figures)
    _check_rewards(figures, facts)
    nothing = facts.can_learn and figures.gradient_norm == 0
    counts["zero_gradient"] = counts.get("zero_gradient", 0) + 1 if nothing else 0
    if counts["zero_gradient"] >= ZERO_GRADIENT_STEPS:
        raise RunnerError(
            "ZERO_GRADIENT",
            f"the gradient was exactly 0 in {ZERO_GRADIENT_STEPS} steps up to step {figures.step}, "
            "though there was something to learn",
            "look at the loss in events.jsonl: a clip range, maskTruncated or a TRL option leaves every token out",
        )
    if facts.rewards is not None:
        _check_rollouts(counts, facts)


def _check_finite(figures: StepFigures) -> None:
    if not (math.isfinite(figures.loss) and math.isfinite(figures.gradient_norm)):
        raise RunnerError(
            "LOSS_NOT_FINITE",
            f"step {figures.step} has loss {figures.loss} and gradient norm {figures.gradient_norm}",
            "lower the learning rate, set maxGradientNorm, or use precision f32; the last checkpoint is sound",
        )


def _check_rewards(figures: StepFigures, facts: StepFacts) -> None:
    if facts.rewards and all(reward is None for reward in facts.rewards):
        raise RunnerError(
            "REWARDS_MISSING",
            f"none of the {len(facts.rewards)} completions of step {figures.step} could be graded",
            "mend the graders (rewards.jsonl says why each one failed) and start the run again: "
            "it goes on from its last checkpoint",
        )


def _check_rollouts(counts: dict[str, int], facts: StepFacts) -> None:
    counts["batches"] = counts.get("batches", 0) + 1
    counts["flat"] = counts.get("flat", 0) + (facts.zero_variance_share == 1)
    counts["cut"] = counts.get("cut", 0) + (facts.truncated_share == 1)
    if counts["batches"] == TRUNCATED_STEPS and counts["cut"] == TRUNCATED_STEPS:
        raise RunnerError(
            "ALL_TRUNCATED",
            f"every completion of the first {TRUNCATED_STEPS} batches was cut at the length limit",
            "raise maxNewTokens, or teach the model to end its answers with sft first",
        )
    if counts["batches"] == NO_VARIANCE_STEPS and counts["flat"] == NO_VARIANCE_STEPS:
        raise RunnerError(
            "NO_VARIANCE",
            f"in the first {NO_VARIANCE_STEPS} batches every prompt's completions all had the same reward, "
            "so nothing is learned from them",
            "use an instanceFilter, a higher temperature, more samplesPerPrompt, "
            "or sft before it so that some completions pass",
        )
