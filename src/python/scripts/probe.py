"""Says what a Python environment can do, as one line of JSON behind a mark, for probe.ts.

Versions come from the packages' metadata: only torch is imported, and it may print what it likes before the marked line.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from typing import Any


def version_of(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def look_at_device(torch: Any, index: int) -> dict[str, Any]:
    properties = torch.cuda.get_device_properties(index)
    free_bytes, total_bytes = torch.cuda.mem_get_info(index)
    return {
        "name": properties.name,
        "totalBytes": total_bytes,
        "freeBytes": free_bytes,
        "computeCapability": f"{properties.major}.{properties.minor}",
        # Ampere (8.0) is the first generation that computes in bf16 itself; torch also counts emulation.
        "bf16": properties.major >= 8,
    }


def look_at_torch() -> dict[str, Any]:
    try:
        import torch
    except Exception as error:  # a broken install fails in many ways, each worth telling
        return {"error": f"{type(error).__name__}: {error}"[:500], "cudaVersion": None, "devices": []}
    found: dict[str, Any] = {"error": None, "cudaVersion": torch.version.cuda, "devices": []}
    try:
        if torch.cuda.is_available():
            found["devices"] = [look_at_device(torch, index) for index in range(torch.cuda.device_count())]
    except Exception as error:  # for example a driver older than the build needs
        found["error"] = f"{type(error).__name__}: {error}"[:500]
    return found


def main() -> None:
    names = sys.argv[2:]
    answer: dict[str, Any] = {
        "python": "%d.%d.%d" % sys.version_info[:3],
        "executable": sys.executable,
        "packages": {name: version_of(name) for name in names},
        "torch": look_at_torch() if sys.argv[1] == "torch" and version_of("torch") is not None else None,
    }
    print("\nHOLDFAST_PROBE " + json.dumps(answer), flush=True)


main()
