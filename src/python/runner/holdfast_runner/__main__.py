"""`python -m holdfast_runner train|check|serve <file>`, or `fork`, which starts those on request.

Libraries that take seconds to load are imported once the spec is read.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from .environment import prepare_environment, rank
from .errors import RunnerError, described
from .exit_file import exit_record, is_over, write_exit
from .reading import read_spec

USAGE = "usage: python -m holdfast_runner train|check|serve <file.json> [<file.json> ...]"


def main(arguments: list[str]) -> int:
    if arguments == ["fork"]:
        from .forking import main as fork

        return fork()
    if len(arguments) < 2 or arguments[0] not in ("train", "check", "serve"):
        print(USAGE, file=sys.stderr)
        return 2
    command, *paths = arguments
    if command == "serve":
        from .serve import main as serve

        return serve(paths[0])
    return max([_train(path) if command == "train" else _check(path) for path in paths])


def _train(path: str) -> int:
    """0 for a training that finished, was stopped by its watch or cancelled; 1 for one that failed.

    Both leave `exit.json`.
    """
    raw = json.loads(Path(path).read_text())
    if is_over(Path(raw["directory"])):
        return 0
    prepare_environment(raw["base"]["path"], raw["directory"])
    try:
        spec = read_spec(path)
        from .training import train

        return 0 if train(spec)["state"] != "failed" else 1
    except Exception as error:  # noqa: BLE001 - a package that is missing must be told as well
        traceback.print_exc(file=sys.stderr)
        if rank() == 0:
            write_exit(Path(raw["directory"]), exit_record("failed", 0, described(error)))
        return 1


def _check(path: str) -> int:
    """One line of JSON: null, or the error that training would end with."""
    try:
        spec = read_spec(path)
        prepare_environment(spec["base"]["path"], spec["directory"])
        from .checking import check_options

        check_options(spec)
    except RunnerError as error:
        print(json.dumps({"code": error.code, "summary": error.summary, "fix": error.fix}))
        return 1
    print("null")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
