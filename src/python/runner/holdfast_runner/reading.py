"""`runner.json` into a checked spec.

It refuses what cannot work before any library that takes seconds to load is imported.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .errors import RunnerError
from .protocol import METHOD_NAMES, RunnerSpec

UPDATES = "updatesPerBatch"


def read_spec(path: str | Path) -> RunnerSpec:
    """The spec of one training. A wrong one is a `RunnerError`."""
    text = Path(path).read_text()
    _refuse_methods(json.loads(text))
    try:
        spec = TypeAdapter(RunnerSpec).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RunnerError(
            "SPEC_INVALID", f"{where}: {first['msg']}", "use a Holdfast and a runner of the same version"
        ) from error
    for stage in spec["stages"]:
        _check_stage(spec, stage)
    return spec


def _refuse_methods(raw: Any) -> None:
    for stage in raw.get("stages", []) if isinstance(raw, dict) else []:
        name = stage.get("method", {}).get("name")
        if name == "ppo":
            raise RunnerError(
                "METHOD_REFUSED",
                "ppo is not in TRL any more: its PPOTrainer was removed in 2026",
                "use grpo or rloo, which need no value model",
            )
        if name not in METHOD_NAMES:
            raise RunnerError(
                "METHOD_REFUSED", f"unknown method {str(name)[:40]!r}", f"use one of {', '.join(METHOD_NAMES)}"
            )


def _check_stage(spec: RunnerSpec, stage: Any) -> None:
    method, device = stage["method"], spec["device"]
    if stage["optimizer"]["name"] != "adamw":
        raise RunnerError(
            "METHOD_REFUSED",
            f"the runner has no optimizer {stage['optimizer']['name']!r}",
            "use adamw, or the embedded trainer",
        )
    if device["kind"] == "cpu" and (device["precision"] == "4bit" or device["vllm"]):
        raise RunnerError(
            "DEVICE_REFUSED",
            "4-bit weights and vLLM need a CUDA device",
            "on the CPU use precision f32 or bf16 without vllm",
        )
    if spec["start"] == "merge" and device["precision"] == "4bit":
        raise RunnerError(
            "DEVICE_REFUSED",
            "an adapter merged into 4-bit weights is rounded to them",
            "use start 'continue', or precision bf16",
        )
    if spec["start"] == "merge" and spec["parentAdapter"] and method.get("reference") == "base":
        raise RunnerError(
            "METHOD_REFUSED",
            f"{method['name']} cannot measure from the base once the parent is merged into it",
            "use reference 'parent', or start 'continue'",
        )
    if len(stage["learningRates"]) != method["steps"]:
        raise RunnerError(
            "SPEC_INVALID",
            f"{len(stage['learningRates'])} learning rates for {method['steps']} steps",
            "give one rate for each step",
        )
    if stage["order"] and len(stage["order"]) != method["steps"] * batch_size(method):
        raise RunnerError(
            "SPEC_INVALID",
            f"{len(stage['order'])} examples in order for {method['steps']} steps of {batch_size(method)}",
            "give steps times batch",
        )
    if any(index >= len(spec["examples"]) for index in stage["order"] or []):
        raise RunnerError("SPEC_INVALID", "order names an example that is not there", "give indices into examples")


def batch_size(method: Any) -> int:
    """Examples of one step: prompts where completions are drawn of them."""
    return method["promptsPerStep"] if "promptsPerStep" in method else method["batchSize"]


def limits_of(spec: RunnerSpec, name: str) -> tuple[int, float]:
    """How long a completion of an eval may be, and the reward from which on it passes; '' is the round's own eval."""
    limits: Any = spec["replayed"].get(name, spec)
    return limits["maxNewTokens"], limits["passThreshold"]


def pass_threshold(spec: RunnerSpec, example: int) -> float:
    """The reward from which on a completion of an example passes."""
    return limits_of(spec, spec["examples"][example]["eval"])[1]


def updates_per_batch(method: Any) -> int:
    """Optimizer steps on each batch of rollouts."""
    return method.get(UPDATES, 1)
