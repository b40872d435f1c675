"""The files of one training that others read while it runs: events, rollouts and progress. Only rank 0 writes.

Lines are flushed as they happen. A resumed training cuts events and rollouts at the lengths its saved state names and
writes on.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch

from .protocol import EVENTS_FILE, PROGRESS_FILE, ROLLOUTS_FILE, Rollout, RunnerProgress, RunnerProgressDrawn

PROGRESS_INTERVAL_SECONDS = 0.5

Phase = Literal["loading", "filtering", "sampling", "updating", "saving", "watching"]


class RunFiles:
    """Appends to a training's directory; on other ranks than 0 it does nothing."""

    def __init__(self, directory: Path, steps: int, is_writer: bool) -> None:
        self.directory, self.is_writer, self._steps = directory, is_writer, steps
        self._started = time.monotonic()
        self._told = 0.0
        self._phase = ""
        directory.mkdir(parents=True, exist_ok=True)

    def event(self, event: Mapping[str, Any]) -> None:
        self._append(EVENTS_FILE, [event])

    def rollouts(self, rollouts: Sequence[Rollout]) -> None:
        self._append(ROLLOUTS_FILE, rollouts)

    def progress(self, phase: Phase, step: int, tokens: int = 0, drawn: RunnerProgressDrawn | None = None) -> None:
        """At most one line every half second, and one whenever the phase changes."""
        now = time.monotonic()
        if phase == self._phase and now - self._told < PROGRESS_INTERVAL_SECONDS:
            return
        self._told, self._phase = now, phase
        line = RunnerProgress(
            phase=phase,
            step=step,
            steps=self._steps,
            tokens=tokens,
            seconds=round(now - self._started, 3),
            peakBytes=peak_bytes(),
        )
        if drawn is not None:
            line["drawn"] = drawn
        self._append(PROGRESS_FILE, [line])

    def lengths(self) -> dict[str, int]:
        """Bytes of the files that a resumed training goes on with."""
        return {name: self._size(name) for name in (EVENTS_FILE, ROLLOUTS_FILE)}

    def cut(self, lengths: Mapping[str, int]) -> None:
        """Drops what was written after a state was saved."""
        for name, length in lengths.items():
            if self.is_writer and self._size(name) > length:
                os.truncate(self.directory / name, length)

    def has_event(self, kind: str, step: int) -> bool:
        return any(event["type"] == kind and event.get("step") == step for event in self.events())

    def events(self) -> list[dict[str, Any]]:
        path = self.directory / EVENTS_FILE
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def _append(self, name: str, lines: Sequence[Mapping[str, Any]]) -> None:
        if not self.is_writer or not lines:
            return
        text = "".join(json.dumps(line, separators=(",", ":"), allow_nan=False) + "\n" for line in lines)
        with open(self.directory / name, "a") as file:
            file.write(text)

    def _size(self, name: str) -> int:
        path = self.directory / name
        return path.stat().st_size if path.exists() else 0


def peak_bytes() -> int:
    """Largest memory so far: of the device where there is one, else of the process."""
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
