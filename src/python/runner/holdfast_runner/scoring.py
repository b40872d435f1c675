"""Log-probabilities of given completions, and how far an adapter has moved from its base on them.

It knows nothing of drawing tokens: the caller has made the wanted adapter active.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

HEAD_VALUES = 2**26
"""Logits (positions times vocabulary) that one batch may hold."""

BATCH_TOKENS = 16_384
"""Rows times tokens that one batch may hold."""


@dataclass(frozen=True)
class TokenSequence:
    """A prompt and its completion; tokens from `prompt_length` on are scored, at least one must precede them."""

    ids: list[int]
    prompt_length: int


Measure = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def score(
    model: PreTrainedModel, sequences: Sequence[TokenSequence], pad_id: int, temperature: float = 1.0
) -> list[list[float]]:
    """For each sequence the log-probability in nats of each of its completion tokens."""

    def measure(ids: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        log_probs = _log_probs(model, ids, keep, temperature)
        return log_probs.gather(-1, ids[:, keep + 1][..., None])[..., 0]

    return _per_token(model, sequences, pad_id, measure)


def kl_from_base(model: PreTrainedModel, sequences: Sequence[TokenSequence], pad_id: int) -> list[list[float]]:
    """For each completion token KL(base || adapter) over the vocabulary, in nats; zero where there is no adapter."""

    def measure(ids: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        adapted = _log_probs(model, ids, keep)
        with without_adapter(model):
            base = _log_probs(model, ids, keep)
        return (base.exp() * (base - adapted)).sum(dim=-1)

    return _per_token(model, sequences, pad_id, measure)


def without_adapter(model: PreTrainedModel) -> AbstractContextManager[None]:
    """The base itself inside the block; nothing to switch off where the model has no adapter."""
    return model.disable_adapter() if hasattr(model, "disable_adapter") else nullcontext()


def _log_probs(model: PreTrainedModel, ids: torch.Tensor, keep: torch.Tensor, temperature: float = 1.0) -> torch.Tensor:
    logits = model(input_ids=ids, logits_to_keep=keep, use_cache=False).logits
    return torch.log_softmax(logits.float() / temperature, dim=-1)


def _per_token(
    model: PreTrainedModel, sequences: Sequence[TokenSequence], pad_id: int, measure: Measure
) -> list[list[float]]:
    """Padded on the right, where a causal model does not look, so no mask is needed."""
    found: list[list[float]] = [[] for _ in sequences]
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for batch in _batches(sequences, model.config.get_text_config().vocab_size):
                members = [sequences[index] for index in batch]
                width = max(len(member.ids) for member in members)
                padded = [member.ids + [pad_id] * (width - len(member.ids)) for member in members]
                first = min(member.prompt_length for member in members) - 1
                keep = torch.arange(first, width - 1, device=model.device)
                values = measure(torch.tensor(padded, device=model.device), keep).tolist()
                for index, member, row in zip(batch, members, values):
                    found[index] = row[member.prompt_length - 1 - first : len(member.ids) - 1 - first]
    finally:
        model.train(was_training)
    return found


def _batches(sequences: Sequence[TokenSequence], vocab_size: int) -> list[list[int]]:
    """Indices of sequences of like length, so that their scored positions overlap and the logits stay small."""
    scored = [index for index, sequence in enumerate(sequences) if len(sequence.ids) > sequence.prompt_length]
    ordered = sorted(scored, key=lambda index: (sequences[index].prompt_length, len(sequences[index].ids), index))
    batches: list[list[int]] = []
    for index in ordered:
        if batches and _fits(sequences, [*batches[-1], index], vocab_size):
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def _fits(sequences: Sequence[TokenSequence], batch: list[int], vocab_size: int) -> bool:
    first = min(sequences[index].prompt_length for index in batch)
    width = max(len(sequences[index].ids) for index in batch)
    return len(batch) * width <= BATCH_TOKENS and len(batch) * (width - first) * vocab_size <= HEAD_VALUES
