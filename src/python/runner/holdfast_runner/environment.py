"""The process's environment, set before torch and TRL are imported.

No telemetry, no network for a base on disk, one visible GPU for one process.
"""

from __future__ import annotations

import os
import sys
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
    """Of libraries that are imported already, as in a fork, only the cache of data sets is moved: the rest was set before."""
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore", category=FutureWarning)
    os.environ.setdefault("HF_DATASETS_CACHE", str(Path(directory) / "state" / "datasets"))
    if "datasets" in sys.modules:
        sys.modules["datasets"].config.HF_DATASETS_CACHE = Path(os.environ["HF_DATASETS_CACHE"])
    if os.path.isdir(base):
        os.environ["HF_HUB_OFFLINE"] = "1"
    if "WORLD_SIZE" not in os.environ:
        os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")


def rank() -> int:
    """This process's number among those of one training."""
    return int(os.environ.get("RANK", "0"))
