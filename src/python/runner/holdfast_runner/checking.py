"""Checks a spec and its TRL options without loading a model: what `python -m holdfast_runner check` says."""

from __future__ import annotations

import os

from .methods import METHODS
from .protocol import RunnerSpec


def check_options(spec: RunnerSpec) -> None:
    """Builds every stage's TRL config. What is wrong is a `RunnerError`."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    for stage in spec["stages"]:
        METHODS[stage["method"]["name"]].recipe(spec, stage).build(spec, stage, world, max(1, stage["method"]["steps"]))
