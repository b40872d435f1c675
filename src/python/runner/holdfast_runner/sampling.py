"""Completions drawn from a model, and the log-probabilities of given ones.

Each completion draws from a stream of its own, named by its seed, so it does not depend on what else is in its batch.
How rows are put into batches depends on the request alone. It knows nothing of text, rewards or adapters: the caller
has made the wanted adapter active.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from transformers import PreTrainedModel

from .scoring import TokenSequence, kl_from_base, score
from .token_choice import SamplingSettings, choose_tokens

__all__ = ["OnProgress", "Sampled", "SamplingSettings", "TokenSequence", "kl_from_base", "sample", "score"]

BATCH_TOKENS = 16_384
"""Rows times (longest prompt + new tokens) that one batch may hold."""


@dataclass(frozen=True)
class Sampled:
    """One completion. `ids` ends with the stop token when `finish` is "stop".

    `log_probs` are in nats at the sampling temperature without truncation; at temperature 0 those at temperature 1.
    """

    ids: list[int]
    log_probs: list[float]
    finish: Literal["stop", "length"]


@dataclass(frozen=True)
class _Row:
    prompt: int
    repeat: int
    seed: int


OnProgress = Callable[[int, int, int], None]
"""Called after every step, with the number of finished completions, of all completions, and of tokens so far."""


def sample(
    model: PreTrainedModel,
    prompts: Sequence[Sequence[int]],
    seeds: Sequence[Sequence[int]],
    settings: SamplingSettings,
    on_progress: OnProgress | None = None,
    batch_tokens: int = BATCH_TOKENS,
) -> list[list[Sampled]]:
    """For each prompt, for each of its seeds, one completion. At temperature 0 each prompt is decoded once."""
    rows = [_Row(p, i, seed) for p, group in enumerate(seeds) for i, seed in enumerate(group)]
    drawn = [row for row in rows if row.repeat == 0] if settings.temperature == 0 else rows
    found: dict[tuple[int, int], Sampled] = {}
    progress = _Progress(len(rows), [len(group) for group in seeds], settings.temperature == 0, on_progress)
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for batch in _batches(drawn, prompts, settings.max_new_tokens, batch_tokens):
                for row, sampled in zip(batch, _Decoding(model, prompts, batch, settings, progress).run()):
                    found[row.prompt, row.repeat] = sampled
    finally:
        model.train(was_training)
    return [[found[p, i if (p, i) in found else 0] for i in range(len(group))] for p, group in enumerate(seeds)]


def _batches(
    rows: list[_Row], prompts: Sequence[Sequence[int]], new_tokens: int, batch_tokens: int
) -> list[list[_Row]]:
    """Rows by falling prompt length, so that little is padding and what does not fit into memory shows at once."""
    ordered = sorted(rows, key=lambda row: (-len(prompts[row.prompt]), row.prompt, row.repeat))
    batches: list[list[_Row]] = []
    for row in ordered:
        if batches and (len(batches[-1]) + 1) * (len(prompts[batches[-1][0].prompt]) + new_tokens) <= batch_tokens:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


class _Progress:
    """Counts completions and tokens; a greedy completion counts once for each seed that shares it."""

    def __init__(self, total: int, shares: list[int], is_shared: bool, listener: OnProgress | None) -> None:
        self._total, self._shares, self._is_shared, self._listener = total, shares, is_shared, listener
        self._done = self._tokens = 0

    def drew(self, row: _Row, is_last: bool) -> None:
        share = self._shares[row.prompt] if self._is_shared else 1
        self._tokens += share
        self._done += share if is_last else 0

    def report(self) -> None:
        if self._listener is not None:
            self._listener(self._done, self._total, self._tokens)


class _Decoding:
    """One batch from its prompts to its last token. Finished rows leave the batch."""

    def __init__(
        self,
        model: PreTrainedModel,
        prompts: Sequence[Sequence[int]],
        rows: list[_Row],
        settings: SamplingSettings,
        progress: _Progress,
    ) -> None:
        self._model, self._settings, self._progress, self._rows = model, settings, progress, rows
        self._streams = [random.Random(row.seed) for row in rows]
        self._ids: list[list[int]] = [[] for _ in rows]
        self._log_probs: list[list[float]] = [[] for _ in rows]
        self._finish: list[Literal["stop", "length"]] = ["length"] * len(rows)
        self._active = list(range(len(rows)))
        self._prefill([prompts[row.prompt] for row in rows], [row.prompt for row in rows])

    def run(self) -> list[Sampled]:
        for _ in range(self._settings.max_new_tokens):
            chosen = self._draw()
            stopped = {i for i, row in enumerate(self._active) if self._finish[row] == "stop"}
            if len(stopped) == len(self._active) or len(self._ids[self._active[0]]) == self._settings.max_new_tokens:
                break
            if stopped:
                chosen = self._leave([i for i in range(len(self._active)) if i not in stopped], chosen)
            self._step(chosen)
        self._progress.report()
        return [Sampled(*parts) for parts in zip(self._ids, self._log_probs, self._finish)]

    def _prefill(self, row_prompts: list[Sequence[int]], names: list[int]) -> None:
        """Each prompt once, padded on the left; then its cache and last logits are handed to each of its rows."""
        first = {name: i for i, name in reversed(list(enumerate(names)))}
        order = sorted(first, key=lambda name: first[name])
        inputs = left_padded([row_prompts[first[name]] for name in order], self._settings.pad_id, self._model.device)
        output = self._model(**inputs, use_cache=True, logits_to_keep=1)
        copies = torch.tensor([order.index(name) for name in names], device=self._model.device)
        self._cache: Any = output.past_key_values
        if len(order) < len(names):
            self._cache.reorder_cache(copies)
        self._logits = output.logits[:, -1][copies]
        self._mask = inputs["attention_mask"][copies] if "attention_mask" in inputs else None
        self._positions = torch.tensor([[len(prompt)] for prompt in row_prompts], device=self._model.device)

    def _draw(self) -> torch.Tensor:
        chosen, log_probs = choose_tokens(self._logits, [self._streams[row] for row in self._active], self._settings)
        for row, token, log_prob in zip(self._active, chosen.tolist(), log_probs.tolist()):
            self._ids[row].append(token)
            self._log_probs[row].append(log_prob)
            if token in self._settings.stop_ids:
                self._finish[row] = "stop"
            is_last = self._finish[row] == "stop" or len(self._ids[row]) == self._settings.max_new_tokens
            self._progress.drew(self._rows[row], is_last)
        return chosen

    def _leave(self, staying: list[int], chosen: torch.Tensor) -> torch.Tensor:
        indices = torch.tensor(staying, device=chosen.device)
        self._cache.reorder_cache(indices)
        self._mask = None if self._mask is None else self._mask[indices]
        self._positions = self._positions[indices]
        self._active = [self._active[i] for i in staying]
        return chosen[indices]

    def _step(self, chosen: torch.Tensor) -> None:
        if self._mask is not None:
            self._mask = torch.nn.functional.pad(self._mask, (0, 1), value=1)
        output = self._model(
            input_ids=chosen[:, None],
            attention_mask=self._mask,
            position_ids=self._positions,
            past_key_values=self._cache,
            use_cache=True,
        )
        self._logits = output.logits[:, -1]
        self._positions = self._positions + 1
        self._progress.report()


def left_padded(prompts: list[Sequence[int]], pad_id: int, device: torch.device) -> dict[str, torch.Tensor]:
    """Inputs of the model whose last column holds each prompt's last token; without a mask where nothing is padded."""
    width = max(len(prompt) for prompt in prompts)
    padding = [width - len(prompt) for prompt in prompts]
    ids = torch.tensor([[pad_id] * missing + list(prompt) for missing, prompt in zip(padding, prompts)], device=device)
    positions = torch.arange(width, device=device)[None] - torch.tensor(padding, device=device)[:, None]
    if not any(padding):
        return {"input_ids": ids, "position_ids": positions}
    return {"input_ids": ids, "position_ids": positions.clamp(min=0), "attention_mask": (positions >= 0).long()}
