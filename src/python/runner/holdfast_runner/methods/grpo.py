"""Group-relative policy optimisation and its variants.

Source: Shao et al., arXiv:2402.03300; TRL's GRPOTrainer, https://huggingface.co/docs/trl/grpo_trainer. `aggregation` is
TRL's `loss_type` (dapo, grpo, bnpo, dr_grpo), `importance: sequence` is GSPO. bnpo divides by the tokens of a
micro-batch, so there `microBatchSize` matters.
"""

from __future__ import annotations

from typing import Any

from trl import GRPOConfig, GRPOTrainer

from ..protocol import RunnerSpec, RunnerStage
from ..segment import Recipe
from ..stage import StageRun
from .online import Online, online_options, online_recipe, run_online

NAMES = {
    "aggregation": "loss_type",
    "importance": "importance_sampling_level",
    "clipLow": "epsilon",
    "clipHigh": "epsilon_high",
    "maskTruncated": "mask_truncated_completions",
}
"""Settings that may be left out, and then TRL's own default holds, which is the documented one."""


class _Trainer(Online, GRPOTrainer):
    gives_log_probs = True


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    method: Any = stage["method"]
    options = {**online_options(spec, stage), "scale_rewards": method["scaleRewards"]}
    options.update({theirs: method[ours] for ours, theirs in NAMES.items() if ours in method})
    return online_recipe(GRPOConfig, options, _Trainer, stage)


def run(stage: StageRun) -> None:
    run_online(stage, recipe(stage.run.spec, stage.spec))
