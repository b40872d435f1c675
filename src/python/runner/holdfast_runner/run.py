"""What every part of one training works with, and how it is opened.

Spec, files, graders, and the model with its adapter.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from peft import PeftModel

from .ending import EndRequest
from .environment import rank
from .errors import Cancelled, RunnerError, Stopped
from .loading import TRAINED, load_base, load_parent, merge_parent, new_adapter
from .merged_start import MergedStart
from .protocol import RunnerSpec
from .random_streams import torch_seed
from .rewards import Graders
from .run_files import RunFiles
from .scoring import TokenSequence, score
from .texts import Texts

T = TypeVar("T")


@dataclass
class Run:
    """One training. `step` is the number of steps taken so far, over all stages."""

    spec: RunnerSpec
    files: RunFiles
    graders: Graders
    end: EndRequest
    model: PeftModel
    texts: Texts
    merged: MergedStart | None
    step: int = 0
    rank: int = field(default_factory=rank)

    @property
    def directory(self) -> Path:
        return self.files.directory

    def agreed(self, ask: Callable[[], T]) -> T:
        """What the first of several processes finds, for all of them; an error that it meets is everybody's."""
        if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            return ask()
        found: list[object] = [None]
        if self.rank == 0:
            try:
                found = [ask()]
            except (RunnerError, Cancelled, Stopped) as error:
                found = [error]
        broadcast_object_list(found, from_process=0)
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]  # type: ignore[return-value]

    def is_asked_to_end(self) -> bool:
        return self.agreed(lambda: self.end.is_set)


def open_run(spec: RunnerSpec, files: RunFiles, end: EndRequest) -> Run:
    """Loads the base, its parent's adapter or a new one. It takes as long as reading the weights takes."""
    files.progress("loading", 0)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        PartialState(cpu=spec["device"]["kind"] == "cpu")
    if spec["device"]["kind"] == "cuda" and not torch.cuda.is_available():
        raise RunnerError(
            "CUDA_MISSING",
            "the spec asks for a CUDA device and torch sees none",
            "run holdfast doctor, which says whether the driver or torch's build is the reason, or use device cpu",
        )
    model, merged = _open_model(spec)
    graders = Graders(files.directory, rank(), spec["rewards"], end)
    return Run(spec, files, graders, end, model, Texts(spec["base"]), merged)


def _open_model(spec: RunnerSpec) -> tuple[PeftModel, MergedStart | None]:
    base = load_base(spec["base"], spec["device"])
    parent = spec["parentAdapter"]
    merged = None
    if parent is not None and spec["start"] == "continue":
        model = load_parent(base, parent, trainable=True)
    else:
        if parent is not None:
            canary = TokenSequence(spec["canary"]["ids"], spec["canary"]["promptLength"])
            merged = MergedStart(parent, score(base, [canary], spec["padId"])[0])
            base = merge_parent(base, parent)
        model = new_adapter(base, spec["lora"], torch_seed(spec["seeds"]["initialisation"]))
    refuse_untrainable(model)
    return model, merged


def refuse_untrainable(model: PeftModel) -> None:
    """PEFT loads an adapter frozen unless it is told otherwise, and TRL would train nothing without a word."""
    if trainable_count(model) == 0:
        raise RunnerError(
            "NO_TRAINABLE_TENSORS",
            "the adapter has no tensor that takes a gradient",
            "check lora.targets against the base's layers, and that the parent is a LoRA adapter",
        )


def trainable_count(model: PeftModel) -> int:
    """Numbers in the tensors of the trained adapter."""
    return sum(tensor.numel() for tensor in trained_tensors(model).values())


def trained_tensors(model: PeftModel) -> dict[str, torch.nn.Parameter]:
    """The trained adapter's own tensors by name, in a fixed order; those of a reference are not among them."""
    return {
        name: tensor
        for name, tensor in sorted(model.named_parameters())
        if f".{TRAINED}." in name and tensor.requires_grad
    }
