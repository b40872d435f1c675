"""Prints, as one line of JSON, what parts of the runner compute.

The mirror descent loss, and the check of learned tokens.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import torch
from holdfast_runner.errors import RunnerError, described
from holdfast_runner.exact_tokens import ExactTokens
from holdfast_runner.loading import load_base, load_parent
from holdfast_runner.methods.mdloo import mirror_descent_loss
from holdfast_runner.run import refuse_untrainable

LOG_RATIOS, ADVANTAGES, GAMMA, STEP = [0.0, 0.3, -0.5, 1.2], [1.0, -0.5, 0.25, 2.0], 0.7, 1e-4


def mirror_descent() -> dict[str, Any]:
    ratios = torch.tensor(LOG_RATIOS, dtype=torch.float64, requires_grad=True)
    advantages = torch.tensor(ADVANTAGES, dtype=torch.float64)
    loss = mirror_descent_loss(ratios, advantages, GAMMA)
    loss.backward()
    moved = []
    for place in range(len(LOG_RATIOS)):
        shift = torch.zeros(len(LOG_RATIOS), dtype=torch.float64)
        shift[place] = STEP
        up, down = (mirror_descent_loss(ratios.detach() + sign * shift, advantages, GAMMA).item() for sign in (1, -1))
        moved.append((up - down) / (2 * STEP))
    return {"loss": loss.item(), "gradient": ratios.grad.tolist(), "differences": moved}


class _MeanLoss:
    """A trainer as small as one can be: it is at its step 0 and its loss is 1."""

    class state:
        global_step = 0

    def compute_loss(self, *_: Any, **__: Any) -> float:
        return 1.0


class _Checked(ExactTokens, _MeanLoss):
    expected = staticmethod(lambda step: frozenset({((1, 5), (7, 2))}))


def exact_tokens(ids: list[int], learned: list[int]) -> str | float:
    inputs = {
        "input_ids": torch.tensor([ids]),
        "attention_mask": torch.ones(1, len(ids), dtype=torch.long),
        "completion_mask": torch.tensor([learned]),
    }
    try:
        return _Checked().compute_loss(None, inputs)
    except RunnerError as error:
        return told(error)


def told(error: RunnerError) -> str:
    return f"{error.code}|{error.summary}|{error.fix}"


def frozen(base: str) -> str | None:
    device = {"kind": "cpu", "threads": 1, "precision": "f32"}
    model = load_parent(load_base({"path": base, "revision": None}, device), f"{base}/adapter", trainable=False)
    try:
        refuse_untrainable(model)
    except RunnerError as error:
        return told(error)
    return None


if __name__ == "__main__":
    checks = {
        "right": exact_tokens([1, 5, 7, 2], [0, 0, 1, 1]),
        "truncated": exact_tokens([1, 5, 7], [0, 0, 1]),
        "prompt learned": exact_tokens([1, 5, 7, 2], [0, 1, 1, 1]),
    }
    memory = torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate 2 GiB.")
    failures = {"frozen": frozen(sys.argv[1]), "memory": told(described(memory))}
    print(json.dumps({"mirror": mirror_descent(), "checks": checks, "failures": failures}))
