"""`exit.json`: how a training ended. Written last, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from .errors import RunnerError
from .protocol import EXIT_FILE, RunnerExit

ENDED = ("finished", "stopped")
"""States after which there is nothing to go on with."""


def exit_record(
    state: Literal["finished", "cancelled", "stopped", "failed"],
    step: int,
    failure: RunnerError | None = None,
    summary: str = "",
) -> RunnerExit:
    """The record of an ending; a failure's in its own words."""
    return {
        "schemaVersion": 1,
        "state": state,
        "step": step,
        "code": failure.code if failure else None,
        "summary": failure.summary if failure else summary,
        "fix": failure.fix if failure else "",
    }


def read_exit(directory: Path) -> RunnerExit | None:
    path = directory / EXIT_FILE
    return json.loads(path.read_text()) if path.exists() else None


def is_over(directory: Path) -> bool:
    """Whether a training came to its end, so that calling it again only says so."""
    ending = read_exit(directory)
    return ending is not None and ending["state"] in ENDED


def write_exit(directory: Path, ending: RunnerExit) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    write_whole(directory / EXIT_FILE, json.dumps(ending, indent=2) + "\n")


def write_whole(path: Path, text: str) -> None:
    """A file that is there with all of its text or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)
