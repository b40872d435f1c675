"""What a killed training goes on from: everything that decides the next step, saved whole under `state/`.

It saves less than TRL does, because orders, rates and random streams are functions of the step: the adapter, the
optimizer's moments, the adapter that the stage started with (its reference), what was drawn for the stage, and how long
the event files were.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from .exit_file import write_whole
from .protocol import CHECKPOINTS_FOLDER, RunnerSpec
from .run import Run, trained_tensors
from .run_files import RunFiles

LATEST = "latest.json"


@dataclass
class Position:
    """Where a training is. `prepared` is what the stage drew before its first step or its present epoch, as JSON."""

    stage: int = 0
    step: int = 0
    prepared: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    health: dict[str, int] = field(default_factory=dict)
    watched_rewards: list[float] = field(default_factory=list)
    last_watched: int = -1


def adapter_tensors(run: Run) -> dict[str, torch.Tensor]:
    """A copy of the trained adapter in memory."""
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in trained_tensors(run.model).items()}


def set_adapter_tensors(run: Run, tensors: dict[str, torch.Tensor], adapter: str = "default") -> None:
    """Overwrites an adapter's tensors by those of a copy."""
    with torch.no_grad():
        for name, tensor in tensors.items():
            run.model.get_parameter(name.replace(".default.", f".{adapter}.")).copy_(tensor)


@dataclass
class Moments:
    """The optimizer's state between two trainers of one stage; None where the stage begins."""

    state: dict[str, Any] | None = None


@dataclass
class Saved:
    position: Position
    moments: Moments
    start: dict[str, torch.Tensor]


def save_state(run: Run, saved: Saved) -> None:
    """Writes a state beside the one before it, then makes it the latest. Only the latest is kept."""
    if not run.files.is_writer:
        return
    position = saved.position
    home = run.directory / "state"
    folder = home / f"{position.stage}-{position.step}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_file(adapter_tensors(run), folder / "adapter.safetensors")
    save_file(saved.start, folder / "start.safetensors")
    torch.save(saved.moments.state, folder / "optimizer.pt")
    latest = {"folder": folder.name, "spec": spec_hash(run.spec), "lengths": run.files.lengths(), **asdict(position)}
    write_whole(home / LATEST, json.dumps(latest) + "\n")
    for other in home.iterdir():
        if other.is_dir() and other.name not in (folder.name, "trl", "datasets"):
            shutil.rmtree(other, ignore_errors=True)


def load_state(run: Run) -> Saved | None:
    """The latest state put into the model; None where there is none, and then nothing was trained yet."""
    home = run.directory / "state"
    if not (home / LATEST).exists():
        return None
    latest = json.loads((home / LATEST).read_text())
    folder = home / latest.pop("folder")
    del latest["lengths"], latest["spec"]
    set_adapter_tensors(run, load_file(folder / "adapter.safetensors"))
    moments = torch.load(folder / "optimizer.pt", weights_only=True, map_location="cpu")
    position = Position(**latest)
    vars(run.graders.counts).update(position.counts)
    run.step = position.step
    return Saved(position, Moments(moments), load_file(folder / "start.safetensors"))


def spec_hash(spec: RunnerSpec) -> str:
    """Tells trainings apart: by what the parent computes, not by where it lies; how long graders are waited for makes no other."""
    told = {
        name: value for name, value in spec.items() if name not in ("directory", "base", "parentAdapter", "rewards")
    }
    return hashlib.sha256(json.dumps([told, _parent_hash(spec)], sort_keys=True).encode()).hexdigest()


def _parent_hash(spec: RunnerSpec) -> str | None:
    parent = spec["parentAdapter"]
    if parent is None:
        return None
    digest = hashlib.sha256()
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        file = Path(parent) / name
        digest.update(file.read_bytes() if file.exists() else b"")
        digest.update(b"\0")
    return digest.hexdigest()


def forget_unsaved(files: RunFiles, spec: RunnerSpec) -> None:
    """Drops what a killed or cancelled process wrote after the latest state: lines, and checkpoints without an event.

    A state of another training in the same folder is dropped as well. It comes before the first line of progress, from
    which on others read the events.
    """
    if not files.is_writer:
        return
    home = files.directory / "state"
    latest = json.loads((home / LATEST).read_text()) if (home / LATEST).exists() else None
    if latest is not None and latest["spec"] != spec_hash(spec):
        shutil.rmtree(home)
        latest = None
    files.cut(latest["lengths"] if latest else {name: 0 for name in files.lengths()})
    listed = {str(event["step"]) for event in files.events() if event["type"] == "checkpoint"}
    checkpoints = files.directory / CHECKPOINTS_FOLDER
    for folder in checkpoints.iterdir() if checkpoints.exists() else []:
        if folder.name not in listed:
            shutil.rmtree(folder, ignore_errors=True)
