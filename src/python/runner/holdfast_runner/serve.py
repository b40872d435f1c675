"""`python -m holdfast_runner serve <serve.json>`: the models that a run is judged by, on a port of 127.0.0.1.

Started with HOLDFAST_ATTACHED=1 it ends when its stdin does, so it cannot outlive whoever started it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from .loading import load_base
from .protocol import ServeSpec
from .serving_answers import Answers
from .serving_http import ModelServer
from .serving_models import ServedModels


def main(path: str) -> int:
    """Serves until it is told to end. What goes wrong before it can answer is on stderr."""
    spec: ServeSpec = json.loads(Path(path).read_text())
    token = os.environ.pop("HOLDFAST_SERVE_TOKEN")
    if os.environ.get("HOLDFAST_ATTACHED") == "1":
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    models = ServedModels(load_base(spec["base"], spec["device"]), spec["name"])
    server = ModelServer(Answers(models, spec["stopIds"], spec["padId"]), token)
    _write_address(Path(spec["addressFile"]), server.server_port)
    server.serve_forever()
    return 0


def _end_with_stdin() -> None:
    """Ends the process at once, whatever is being computed.

    Reads past Python's buffer: its lock would turn an ordinary end of the process into a crash.
    """
    while os.read(0, 4096):
        pass
    os._exit(0)


def _write_address(path: Path, port: int) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(json.dumps({"url": f"http://127.0.0.1:{port}"}))
    unfinished.rename(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
