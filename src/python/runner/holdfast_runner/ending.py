"""How a training is asked to end from outside.

SIGTERM, or the end of standard input where a parent process holds it.
"""

from __future__ import annotations

import os
import signal
import threading


class EndRequest:
    """Set by SIGTERM. The training looks at it between steps and while it waits for graders."""

    def __init__(self) -> None:
        self.is_set = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "is_set", True))


def end_with_parent() -> None:
    """Where `HOLDFAST_ATTACHED` is 1, the process ends when its standard input does.

    A killed parent leaves no orphan.
    """
    if os.environ.get("HOLDFAST_ATTACHED") != "1":
        return

    def wait() -> None:
        # Not through sys.stdin: a thread that holds its lock breaks the interpreter's shutdown.
        while os.read(0, 4096):
            pass
        os._exit(70)

    threading.Thread(target=wait, daemon=True, name="parent").start()
