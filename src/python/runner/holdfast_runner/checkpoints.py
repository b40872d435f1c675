"""Writes a checkpoint.

The adapter in PEFT's form and the canary's log-probabilities that identify it wherever it is served.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .merged_start import export_checkpoint
from .protocol import CHECKPOINTS_FOLDER, CanaryRecord
from .run import Run
from .scoring import TokenSequence, score, without_adapter


def write_checkpoint(run: Run) -> None:
    """The folder `checkpoints/<step>` and then the event that names it."""
    if run.files.is_writer:
        run.files.progress("saving", run.step)
        path = f"{CHECKPOINTS_FOLDER}/{run.step}"
        folder = run.directory / path
        folder.parent.mkdir(exist_ok=True)
        export_checkpoint(run.model, folder, run.spec["base"]["path"], run.merged)
        canary = folder / "canary.json"
        canary.write_text(json.dumps(read_canary(run)) + "\n")
        for file in folder.iterdir():
            file.chmod(0o644)
        run.files.event(
            {
                "type": "checkpoint",
                "step": run.step,
                "adapter": path,
                "hash": _hash(folder / "adapter_model.safetensors"),
            }
        )


def read_canary(run: Run) -> CanaryRecord:
    """How probable the fixed sequence is under the adapter and without it, on this device and in this precision."""
    canary = run.spec["canary"]
    sequence = TokenSequence(canary["ids"], canary["promptLength"])
    adapted = score(run.model, [sequence], run.spec["padId"])[0]
    base = run.merged.base_canary if run.merged is not None else None
    if base is None:
        with without_adapter(run.model):
            base = score(run.model, [sequence], run.spec["padId"])[0]
    return {
        "ids": canary["ids"],
        "promptLength": canary["promptLength"],
        "logProbs": adapted,
        "baseLogProbs": base,
        "precision": run.spec["device"]["precision"],
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
