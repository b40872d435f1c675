"""What a server is asked, checked: JSON of OpenAI's completions and of Holdfast's own paths in, plain data out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .scoring import TokenSequence
from .token_choice import SamplingSettings


class RequestError(Exception):
    """A request that gets an answer other than 200, in OpenAI's error shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict[str, Any]:
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return {"error": {"message": self.message, "type": kind, "param": None, "code": self.code}}


@dataclass(frozen=True)
class CompletionRequest:
    """Prompts as token ids and the row seeds of each. `echo` scores the prompts instead of continuing them."""

    model: str
    prompts: list[list[int]]
    seeds: list[list[int]]
    settings: SamplingSettings
    wants_log_probs: bool
    wants_token_ids: bool
    echo: bool


def read_completion(body: Mapping[str, Any], stop_ids: list[int], pad_id: int) -> CompletionRequest:
    """Checks a body of /v1/completions. Beyond OpenAI's fields: `seeds`, for each prompt those of its completions."""
    if body.get("stream") or body.get("n", 1) != 1:
        raise refused("stream and n other than 1 are not offered: give seeds")
    prompts = _prompts(body.get("prompt"))
    settings = SamplingSettings(
        temperature=_number(body, "temperature", 1.0, 0.0, 100.0),
        top_k=max(0, _integer(body, "top_k", 0, -1)),
        top_p=_number(body, "top_p", 1.0, 0.0, 1.0),
        max_new_tokens=_integer(body, "max_tokens", 16, 0),
        stop_ids=frozenset(_ids(body.get("stop_token_ids") or stop_ids, "stop_token_ids")),
        pad_id=pad_id,
    )
    echo = body.get("echo") is True
    if echo != (settings.max_new_tokens == 0):
        raise refused("echo goes with max_tokens 0, and only with it")
    return CompletionRequest(
        model=_text(body, "model"),
        prompts=prompts,
        seeds=_seeds(body, len(prompts)),
        settings=settings,
        wants_log_probs=body.get("logprobs") is not None,
        wants_token_ids=body.get("return_token_ids") is True,
        echo=echo,
    )


def read_sequences(body: Mapping[str, Any]) -> tuple[str, list[TokenSequence]]:
    """Checks a body of /holdfast/score and /holdfast/kl: {model, sequences: [{ids, promptLength}]}."""
    given = body.get("sequences")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise refused("sequences must be a list of {ids, promptLength}")
    sequences = [TokenSequence(_ids(one.get("ids"), "ids"), _integer(one, "promptLength", 0, 1)) for one in given]
    if any(sequence.prompt_length > len(sequence.ids) for sequence in sequences):
        raise refused("promptLength is more than there are ids")
    return _text(body, "model"), sequences


def read_adapter(body: Mapping[str, Any], *fields: str) -> list[str]:
    """The text fields of a body of /v1/load_lora_adapter or /v1/unload_lora_adapter."""
    return [_text(body, field) for field in fields]


def refused(message: str) -> RequestError:
    """A request that no later try will make right."""
    return RequestError(400, "invalid_request", message)


def _prompts(given: Any) -> list[list[int]]:
    if isinstance(given, list) and given and isinstance(given[0], int):
        given = [given]
    if not isinstance(given, list) or not given:
        raise refused("prompt must be a list of token ids, or a list of such lists")
    prompts = [_ids(prompt, "prompt") for prompt in given]
    if not all(prompts):
        raise refused("a prompt has no tokens")
    return prompts


def _seeds(body: Mapping[str, Any], prompt_count: int) -> list[list[int]]:
    given = body.get("seeds")
    if given is None:
        return [[_integer(body, "seed", 0, None)]] * prompt_count
    if isinstance(given, list) and all(_is_integer(seed) for seed in given) and prompt_count == 1:
        given = [given]
    if not isinstance(given, list) or len(given) != prompt_count:
        raise refused("seeds must hold one list of integers for each prompt")
    if not all(isinstance(group, list) and all(_is_integer(seed) for seed in group) for group in given):
        raise refused("seeds must be integers")
    return given


def _ids(given: Any, name: str) -> list[int]:
    if not isinstance(given, list) or not all(_is_integer(one) and one >= 0 for one in given):
        raise refused(f"{name} must be a list of token ids")
    return given


def _integer(body: Mapping[str, Any], name: str, default: int, least: int | None) -> int:
    value = default if body.get(name) is None else body[name]
    if not _is_integer(value) or (least is not None and value < least):
        raise refused(f"{name} must be an integer" + ("" if least is None else f" of at least {least}"))
    return value


def _number(body: Mapping[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = default if body.get(name) is None else body[name]
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:
        raise refused(f"{name} must be a number from {least} to {most}")
    return float(value)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value == "":
        raise refused(f"{name} must be a text")
    return value


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
