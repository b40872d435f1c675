"""`python -m holdfast_runner fork`: imports the libraries once, then starts each training and each server as a fork of itself.

Requests are lines of JSON on standard input, answers lines on standard output. Nothing is computed here: no thread pool is started and no device touched
before the fork, so that a fork computes what a fresh process computes. It ends when its standard input does, and what it started with it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
import traceback
import warnings
from typing import Any

from .environment import QUIET

IDLE_SECONDS = 120.0
"""Without work for so long it ends: it holds memory."""
GRACE_SECONDS = 5.0
"""How long what it started may take to end by itself."""
LOOK_SECONDS = 0.1


def main() -> int:
    """Answers requests until standard input ends or nobody asks."""
    os.environ.update(QUIET)
    # A request whose base is no folder is refused below.
    os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.filterwarnings("ignore", category=FutureWarning)
    # Libraries print as they are imported, and standard output is for answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    from . import serve, training  # noqa: F401 - for those that are forked

    # What is never freed again is not copied into every fork.
    gc.collect()
    gc.freeze()
    forks = Forks(answers)
    answer(answers, {"ready": True})
    rest = b""
    idle_since = time.monotonic()
    while True:
        forks.collect()
        if forks.held:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > IDLE_SECONDS:
            return 0
        if not select.select([0], [], [], LOOK_SECONDS)[0]:
            continue
        given = os.read(0, 1 << 16)
        if not given:
            forks.end()
            # At once: taking the libraries down takes a while, and whoever started this is gone.
            os._exit(0)
        *lines, rest = (rest + given).split(b"\n")
        for request in map(json.loads, lines):
            answer(answers, forks.release(request["end"]) if "end" in request else forks.begin(request))
        idle_since = time.monotonic()


def answer(descriptor: int, said: dict[str, Any]) -> None:
    os.write(descriptor, (json.dumps(said) + "\n").encode())


class Forks:
    """What was started, by its process number: the end of its standard input that is held here, while it is."""

    def __init__(self, answers: int) -> None:
        self.held: dict[int, int | None] = {}
        self._answers = answers

    def begin(self, request: dict[str, Any]) -> dict[str, Any]:
        """The number of the process that works on a request, which leads a group of its own; null where a fork would not do."""
        path = request["arguments"][1]
        with open(path) as file:
            base = json.load(file)["base"]["path"]
        if not os.path.isdir(base):
            return {"pid": None}
        log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        theirs, ours = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            self._become(request, theirs, log)
        os.setpgid(pid, pid)
        os.close(theirs)
        os.close(log)
        self.held[pid] = ours
        return {"pid": pid}

    def _become(self, request: dict[str, Any], stdin: int, log: int) -> None:
        """Takes the place of a process that was started for the request. Does not return."""
        code = 1
        try:
            os.setpgid(0, 0)
            for pid in self.held:
                self.release(pid)
            os.close(self._answers)
            for given, standard in ((stdin, 0), (log, 1), (log, 2)):
                os.dup2(given, standard)
            os.close(stdin)
            os.close(log)
            os.chdir(request["directory"])
            os.environ.update(request["env"])
            from .__main__ import main as work

            code = work(request["arguments"])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - nothing of this may go on in a fork
            traceback.print_exc(file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def release(self, pid: int) -> dict[str, Any]:
        """Lets the standard input of one end, which ends it."""
        descriptor = self.held.get(pid)
        if descriptor is not None:
            os.close(descriptor)
            self.held[pid] = None
        return {"pid": pid}

    def collect(self) -> None:
        """Forgets what has ended."""
        for pid in list(self.held):
            if os.waitpid(pid, os.WNOHANG)[0] != 0:
                self.release(pid)
                del self.held[pid]

    def end(self) -> None:
        """Ends what is at work: first by the end of its standard input."""
        for pid in self.held:
            self.release(pid)
        give_up = time.monotonic() + GRACE_SECONDS
        while self.held and time.monotonic() < give_up:
            self.collect()
            time.sleep(LOOK_SECONDS / 2)
        for pid in self.held:
            os.killpg(pid, signal.SIGKILL)
