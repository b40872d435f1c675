"""AdamW with the spec's own settings, and learning rates exactly as the spec lists them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from peft import PeftModel
from torch.optim.lr_scheduler import LRScheduler

from .protocol import OptimizerSpec
from .run import trained_tensors
from .state import Moments


class ListedRates(LRScheduler):
    """One rate for each step, from a list; the last one holds on."""

    def __init__(self, optimizer: torch.optim.Optimizer, rates: Sequence[float]) -> None:
        self._rates = list(rates)
        super().__init__(optimizer)

    def get_lr(self) -> list[float]:
        rate = self._rates[min(self.last_epoch, len(self._rates) - 1)]
        return [rate for _ in self.optimizer.param_groups]


def make_optimizer(model: PeftModel, settings: OptimizerSpec, moments: Moments) -> torch.optim.AdamW:
    """An optimizer over the trained adapter; it goes on with the moments of the stage's trainer before it."""
    optimizer = torch.optim.AdamW(
        trained_tensors(model).values(),
        lr=settings["learningRate"],
        betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"],
        weight_decay=settings["weightDecay"],
    )
    if moments.state is not None:
        optimizer.load_state_dict({"state": moments.state, "param_groups": optimizer.state_dict()["param_groups"]})
    return optimizer
