"""Mirror descent with leave-one-out estimation: RLOO's advantages, and instead of a clip the KL to the sampling policy.

Source: Gunter et al., arXiv:2407.21075, section 4.3 (leave-one-out advantages, mirror descent policy optimisation). TRL
has no such trainer; advantages, sampling and log-probabilities are RLOOTrainer's. With the ratio r = pi / pi_old of a
whole completion the loss is -r A + gamma (r log r - r + 1), whose second term has the expectation KL(pi || pi_old) over
the sampling policy and is never negative.
"""

from __future__ import annotations

from typing import Any

import torch
from trl import RLOOConfig, RLOOTrainer

from ..protocol import RunnerSpec, RunnerStage
from ..segment import Recipe
from ..stage import StageRun
from .online import Online, online_options, online_recipe, run_online

LARGEST_LOG_RATIO = 20.0


class _Trainer(Online, RLOOTrainer):
    gives_log_probs = False

    def _compute_loss(self, model: Any, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
        mask = inputs["completion_mask"]
        ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
        present = torch.cat([inputs["prompt_mask"], mask], dim=1)
        log_probs, _, _ = self._get_per_token_logps_and_entropies(model, ids, present, mask.size(1))
        log_ratio = ((log_probs * mask).sum(dim=1) - inputs["old_logps"]).clamp(-LARGEST_LOG_RATIO, LARGEST_LOG_RATIO)
        gamma = self.stage.spec["method"]["proximalWeight"]
        return mirror_descent_loss(log_ratio, inputs["advantages"], gamma)


def mirror_descent_loss(log_ratio: torch.Tensor, advantages: torch.Tensor, gamma: float) -> torch.Tensor:
    """The mean over completions; `log_ratio` and `advantages` are f32[completions]."""
    ratio = torch.exp(log_ratio)
    return (-ratio * advantages + gamma * (ratio * log_ratio - ratio + 1)).mean()


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    return online_recipe(RLOOConfig, online_options(spec, stage), _Trainer, stage)


def run(stage: StageRun) -> None:
    run_online(stage, recipe(stage.run.spec, stage.spec))
