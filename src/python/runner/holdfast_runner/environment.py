"""The process's environment, set before torch and TRL are imported.

No telemetry, no network for a base on disk, one visible GPU for one process.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}


def prepare_environment(base: str, directory: str) -> None:
    """Has no effect on libraries that are imported already."""
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore", category=FutureWarning)
    os.environ.setdefault("HF_DATASETS_CACHE", str(Path(directory) / "state" / "datasets"))
    if os.path.isdir(base):
        os.environ["HF_HUB_OFFLINE"] = "1"
    if "WORLD_SIZE" not in os.environ:
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")


def rank() -> int:
    """This process's number among those of one training."""
    return int(os.environ.get("RANK", "0"))
