"""REINFORCE with a leave-one-out baseline; the KL to the reference is part of the reward.

Source: Ahmadian et al., arXiv:2402.14740; TRL's RLOOTrainer, https://huggingface.co/docs/trl/rloo_trainer.
"""

from __future__ import annotations

from trl import RLOOConfig, RLOOTrainer

from ..protocol import RunnerSpec, RunnerStage
from ..segment import Recipe
from ..stage import StageRun
from .online import Online, online_options, online_recipe, run_online


class _Trainer(Online, RLOOTrainer):
    gives_log_probs = False


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    method = stage["method"]
    options = {**online_options(spec, stage), "epsilon": method["clipLow"], "epsilon_high": method["clipHigh"]}
    return online_recipe(RLOOConfig, options, _Trainer, stage)


def run(stage: StageRun) -> None:
    run_online(stage, recipe(stage.run.spec, stage.spec))
