"""`python -m holdfast_runner.serving_attached <command…>`: runs a program that does not watch its stdin.

It is ended when our stdin ends. The program gets a process group of its own, so what it started ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 10.0


class Attached:
    """The program, and whether it was told to end, which may be before it has begun."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._is_ended = False

    def run(self, command: list[str]) -> int:
        """Its exit code; nothing of its group is left afterwards."""
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        if self._is_ended:
            self._signal(signal.SIGKILL)
        code = self._child.wait()
        self._signal(signal.SIGKILL)
        return code

    def end(self) -> None:
        """Gives the program some seconds to end by itself. Does not wait for it."""
        self._is_ended = True
        self._signal(signal.SIGTERM)
        timer = threading.Timer(GRACE_SECONDS, self._signal, [signal.SIGKILL])
        timer.daemon = True
        timer.start()

    def _signal(self, number: signal.Signals) -> None:
        """To the whole group, which may outlive its first process."""
        try:
            if self._child is not None:
                os.killpg(self._child.pid, number)
        except ProcessLookupError:
            pass


def main(command: list[str]) -> int:
    """Runs the command until it ends, stdin ends or SIGTERM comes; gives its exit code."""
    attached = Attached()
    signal.signal(signal.SIGTERM, lambda *_: attached.end())
    threading.Thread(target=_end_with_stdin, args=(attached,), daemon=True).start()
    return attached.run(command)


def _end_with_stdin(attached: Attached) -> None:
    """Reads past Python's buffer, whose lock would hold up the end of this process."""
    while os.read(0, 4096):
        pass
    attached.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
