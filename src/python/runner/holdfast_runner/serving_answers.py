"""The answers of a server: completions, log-probabilities and divergences of the served models, in vLLM's shapes."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .sampling import OnProgress, Sampled, sample
from .scoring import TokenSequence, kl_from_base, score
from .serving_models import ServedModels
from .serving_request import CompletionRequest, read_completion, read_sequences


class Answers:
    """Reads a request's body, computes, and gives the answer's body. The server calls it one request at a time."""

    def __init__(self, models: ServedModels, stop_ids: list[int], pad_id: int) -> None:
        self.models, self._stop_ids, self._pad_id = models, stop_ids, pad_id

    def completions(self, body: Mapping[str, Any], on_progress: OnProgress) -> dict[str, Any]:
        """POST /v1/completions: choices by prompt, then by seed."""
        request = read_completion(body, self._stop_ids, self._pad_id)
        with self.models.active(request.model) as model:
            if request.echo:
                scores = score(model, [TokenSequence(prompt, 1) for prompt in request.prompts], self._pad_id)
                choices = [_echo(request, prompt, values) for prompt, values in zip(request.prompts, scores)]
                drawn_count = 0
            else:
                found = sample(model, request.prompts, request.seeds, request.settings, on_progress)
                choices = [_drawn(request, request.prompts[i], one) for i, group in enumerate(found) for one in group]
                drawn_count = sum(len(one.ids) for group in found for one in group)
        return {
            "id": f"cmpl-{uuid.uuid4().hex}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": request.model,
            "choices": [{"index": index, **choice} for index, choice in enumerate(choices)],
            "usage": _usage(request, drawn_count),
        }

    def score(self, body: Mapping[str, Any], _: OnProgress) -> dict[str, Any]:
        """POST /holdfast/score: for each sequence the log-probability of each completion token."""
        name, sequences = read_sequences(body)
        with self.models.active(name) as model:
            return {"logProbs": score(model, sequences, self._pad_id)}

    def kl(self, body: Mapping[str, Any], _: OnProgress) -> dict[str, Any]:
        """POST /holdfast/kl: for each sequence KL(base || model) at each completion token."""
        name, sequences = read_sequences(body)
        if name == self.models.base_name:
            return {"kl": [[0.0] * (len(one.ids) - one.prompt_length) for one in sequences]}
        with self.models.active(name) as model:
            return {"kl": kl_from_base(model, sequences, self._pad_id)}


def _drawn(request: CompletionRequest, prompt: list[int], sampled: Sampled) -> dict[str, Any]:
    stop = sampled.ids[-1] if sampled.finish == "stop" else None
    choice = _choice(request, sampled.ids, sampled.log_probs)
    ids = {"token_ids": sampled.ids, "prompt_token_ids": prompt} if request.wants_token_ids else {}
    return {**choice, "finish_reason": sampled.finish, "stop_reason": stop, **ids}


def _echo(request: CompletionRequest, prompt: list[int], scores: list[float]) -> dict[str, Any]:
    """The prompt instead of a completion. Nothing precedes its first token, so that has no log-probability."""
    ids = {"token_ids": [], "prompt_token_ids": prompt} if request.wants_token_ids else {}
    return {**_choice(request, prompt, [None, *scores]), "finish_reason": "length", "stop_reason": None, **ids}


def _choice(request: CompletionRequest, ids: list[int], log_probs: Sequence[float | None]) -> dict[str, Any]:
    """The text stays empty: whoever sent token ids has the tokenizer."""
    detail = {
        "text_offset": [],
        "token_logprobs": [value if value is not None and math.isfinite(value) else None for value in log_probs],
        "tokens": [f"token_id:{token}" for token in ids],
        "top_logprobs": None,
    }
    return {"text": "", "logprobs": detail if request.wants_log_probs else None}


def _usage(request: CompletionRequest, drawn_count: int) -> dict[str, int]:
    prompt_count = sum(len(ids) for ids in request.prompts)
    return {
        "prompt_tokens": prompt_count,
        "completion_tokens": drawn_count,
        "total_tokens": prompt_count + drawn_count,
    }
