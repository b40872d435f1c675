"""`start: merge`: the parent lies in the weights while a new adapter is trained; a checkpoint is both as one adapter.

B A of the parent and of the new adapter are put side by side, which is exact; so whoever loads the checkpoint needs the
untouched base alone.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from safetensors.torch import load_file
from safetensors.torch import save as safetensors_bytes

from .errors import RunnerError
from .loading import export_adapter

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
TOLD_APART = ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save")


class MergedStart:
    """The parent's two files and the untouched base's canary, kept for the checkpoints."""

    def __init__(self, parent: str, base_canary: list[float]) -> None:
        self.base_canary = base_canary
        self._weights = load_file(Path(parent) / WEIGHTS)
        self._config: dict[str, Any] = json.loads((Path(parent) / CONFIG).read_text())
        for name in TOLD_APART:
            if self._config.get(name):
                raise RunnerError(
                    "PARENT_REFUSED",
                    f"a parent adapter with {name} cannot be joined with a new one",
                    "use start 'continue', or merge the adapter into the base by hand and give that base",
                )

    def join(self, directory: Path) -> None:
        """Turns the new adapter in a checkpoint's folder into parent and new adapter together."""
        new = load_file(directory / WEIGHTS)
        config: dict[str, Any] = json.loads((directory / CONFIG).read_text())
        ranks = self._config["r"] + config["r"]
        joined = {name: self._joined(name, new.get(name), config) for name in sorted(self._weights | new)}
        targets = sorted({*self._config["target_modules"], *config["target_modules"]})
        config.update(r=ranks, lora_alpha=ranks, target_modules=targets, use_rslora=False)
        (directory / WEIGHTS).write_bytes(safetensors_bytes(joined, metadata={"format": "pt"}))
        (directory / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")

    def _joined(self, name: str, new: torch.Tensor | None, config: dict[str, Any]) -> torch.Tensor:
        """A of both under each other, B of both beside each other with their scales; zeros where one has none."""
        old = self._weights.get(name)
        known = old if old is not None else new
        is_a = ".lora_A." in name

        def part(tensor: torch.Tensor | None, of: dict[str, Any]) -> torch.Tensor:
            if tensor is None:
                size = (of["r"], known.shape[1]) if is_a else (known.shape[0], of["r"])
                return torch.zeros(size)
            return tensor.float() if is_a else tensor.float() * _scale(of)

        return torch.cat([part(old, self._config), part(new, config)], dim=0 if is_a else 1).contiguous()


def _scale(config: dict[str, Any]) -> float:
    return config["lora_alpha"] / (math.sqrt(config["r"]) if config.get("use_rslora") else config["r"])


def export_checkpoint(model: PeftModel, directory: Path, base_name: str, merged: MergedStart | None) -> None:
    """The trained adapter as a checkpoint on the untouched base, whole or not at all."""
    unfinished = directory.with_name(f".{directory.name}.joining")
    export_adapter(model, unfinished, base_name)
    if merged is not None:
        merged.join(unfinished)
    _replace(unfinished, directory)


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    source.rename(target)
