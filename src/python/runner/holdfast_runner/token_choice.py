"""How one token is chosen for each row of a batch, from its logits and a uniform number of its own stream."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

NUCLEUS_CANDIDATES = 1024
"""A nucleus (top-p) is looked for among this many most probable tokens first, then among all."""

UNIFORM_STEPS = 2**32


@dataclass(frozen=True)
class SamplingSettings:
    """Temperature 0 is greedy and ignores the rest; `top_k` 0 and `top_p` 1 leave no token out."""

    temperature: float
    top_k: int
    top_p: float
    max_new_tokens: int
    stop_ids: frozenset[int]
    pad_id: int


def choose_tokens(
    logits: torch.Tensor, streams: Sequence[random.Random], settings: SamplingSettings
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids, int64[rows], and their log-probabilities without truncation, f32[rows] (at temperature 0 those at 1).

    A token is found by inverting the cumulative distribution, so it depends on its row's logits and stream alone.
    """
    scaled = logits.float() / (settings.temperature or 1.0)
    log_probs = torch.log_softmax(scaled, dim=-1)
    if settings.temperature == 0:
        chosen = scaled.argmax(dim=-1)
    else:
        drawn = [int(stream.random() * UNIFORM_STEPS) / UNIFORM_STEPS for stream in streams]
        uniform = torch.tensor(drawn, dtype=torch.float64, device=logits.device)
        chosen = _draw(log_probs, uniform, settings)
    return chosen, log_probs.gather(-1, chosen[:, None])[:, 0]


def _draw(log_probs: torch.Tensor, uniform: torch.Tensor, settings: SamplingSettings) -> torch.Tensor:
    probabilities = log_probs.double().exp()
    if settings.top_k == 0 and settings.top_p >= 1:
        return _invert(probabilities, uniform)
    size = probabilities.shape[-1]
    kept, ids = probabilities.topk(min(size, settings.top_k or NUCLEUS_CANDIDATES), dim=-1)
    if settings.top_p < 1:
        total = kept.sum(dim=-1, keepdim=True) if settings.top_k else probabilities.sum(dim=-1, keepdim=True)
        wanted = settings.top_p * total
        if settings.top_k == 0 and bool((kept.sum(dim=-1, keepdim=True) < wanted).any()):
            kept, ids = probabilities.sort(dim=-1, descending=True, stable=True)
        before = kept.cumsum(dim=-1) - kept
        kept = kept.where(before < wanted, 0.0)
        kept[:, 0] = kept[:, 0].clamp(min=torch.finfo(torch.float64).tiny)
    return ids.gather(-1, _invert(kept, uniform)[:, None])[:, 0]


def _invert(probabilities: torch.Tensor, uniform: torch.Tensor) -> torch.Tensor:
    """The first index whose cumulative share lies above `uniform`; never one without probability."""
    shares = probabilities.cumsum(dim=-1)
    return torch.searchsorted(shares, uniform[:, None] * shares[:, -1:], right=True)[:, 0]
