"""What was drawn and graded so far for a stage, on disk part by part.

A training that is killed or asked to end while it draws goes on with the next part. It lies with the training's state:
it is forgotten with it, and by the next draw.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class DrawnParts:
    """`state/drawn.jsonl`: what the draw is, then one line for each part. A line without an end was never written."""

    def __init__(self, directory: Path, draw: Any) -> None:
        self._path = directory / "state" / "drawn.jsonl"
        lines = self._path.read_bytes().split(b"\n")[:-1] if self._path.exists() else []
        self._parts = [json.loads(line) for line in lines]
        if not self._parts or self._parts[0] != json.loads(json.dumps(draw)):
            self._parts = [draw]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_name(".drawn.jsonl")
        unfinished.write_text("".join(_line(part) for part in self._parts))
        unfinished.rename(self._path)

    def read(self, position: int, examples: Sequence[int]) -> dict[str, Any] | None:
        """The part at a position, where it is of these examples.

        One with a completion that could not be graded counts as not drawn: the graders may have been mended since.
        """
        part = self._parts[position + 1] if position + 1 < len(self._parts) else None
        if part is None or part["examples"] != list(examples):
            return None
        return None if any(one["reward"] is None for group in part["samples"] for one in group) else part

    def write(self, position: int, part: dict[str, Any]) -> None:
        """Keeps the part at a position; what was kept behind it is drawn again."""
        is_last = position + 1 == len(self._parts)
        self._parts = [*self._parts[: position + 1], part]
        if not is_last:
            self._path.write_text("".join(_line(one) for one in self._parts))
            return
        with open(self._path, "a") as file:
            file.write(_line(part))


def _line(part: Any) -> str:
    return json.dumps(part, separators=(",", ":"), allow_nan=False) + "\n"
