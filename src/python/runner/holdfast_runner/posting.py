"""One JSON message to the graders and its answer, tried again until it is given or patience is at an end.

It knows nothing of rewards. The address is read anew for every try, because the graders may have moved.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from .ending import EndRequest
from .errors import Cancelled, RunnerError
from .protocol import GRADER_FILE, GraderAddress

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0
GRACE_SECONDS = 5.0
"""How long a training that is asked to end still waits for an answer."""

AGAIN = frozenset({408, 425, 429})

Answer = TypeVar("Answer")


class _Unanswered(Exception):
    """This try failed; another may not."""

    def __init__(self, reason: str, pause_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


class Poster:
    """Posts to the address in `grader.json`, with the token that it or the environment holds."""

    def __init__(self, directory: Path, patience_seconds: float, end: EndRequest) -> None:
        self._directory, self._patience, self._end = directory, patience_seconds, end
        self._token = os.environ.get("HOLDFAST_GRADER_TOKEN", "")

    def post(
        self, path: str, body: Any, kind: TypeAdapter[Answer], is_complete: Callable[[Answer], bool]
    ) -> Answer | str:
        """The answer, or why there is none. A refusal (400, 401, 403, 404 …) is a `RunnerError` at once."""
        deadline = time.monotonic() + self._patience
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                address = self._address()
                text = self._wait(partial(self._try, address, path, body, deadline), address, deadline)
                answer = kind.validate_json(text, strict=True)
                if not is_complete(answer):
                    raise _Unanswered("the answer does not fit the question")
                return answer
            except (_Unanswered, ValidationError, OSError, http.client.HTTPException, ValueError) as error:
                asked = getattr(error, "pause_seconds", None)
                wanted = pause if asked is None else asked
                reason = f"{type(error).__name__}: {error}"[:300]
            if time.monotonic() + wanted >= deadline:
                return reason
            self._sleep(wanted)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _address(self) -> GraderAddress:
        told: GraderAddress = json.loads((self._directory / GRADER_FILE).read_text())
        return {"url": told["url"], "token": told.get("token", self._token)}

    def _has_moved(self, address: GraderAddress) -> bool:
        try:
            return self._address() != address
        except (OSError, ValueError):
            return False

    def _try(self, address: GraderAddress, path: str, body: Any, deadline: float) -> bytes:
        url = urlsplit(address["url"])
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=max(0.1, deadline - time.monotonic()))
        headers = {"Authorization": f"Bearer {address.get('token', '')}", "Content-Type": "application/json"}
        try:
            connection.request("POST", url.path.rstrip("/") + path, json.dumps(body), headers)
            response = connection.getresponse()
            return _checked(response.status, response.getheader("Retry-After"), response.read())
        finally:
            connection.close()

    def _wait(self, work: Callable[[], bytes], address: GraderAddress, deadline: float) -> bytes:
        """The work in a thread.

        Neither a grader that hangs or answers byte by byte, nor one that has moved, holds the training.
        """
        found: list[bytes | BaseException] = []

        def run() -> None:
            try:
                found.append(work())
            except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
                found.append(error)

        thread = threading.Thread(target=run, daemon=True, name="graders")
        thread.start()
        end = deadline
        while thread.is_alive() and time.monotonic() < end:
            thread.join(0.05)
            if thread.is_alive() and self._has_moved(address):
                raise _Unanswered("the graders moved", 0.0)
            if self._end.is_set and end == deadline:
                end = min(deadline, time.monotonic() + GRACE_SECONDS)
        if not found:
            if self._end.is_set:
                raise Cancelled
            raise _Unanswered("no answer in time")
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._end.is_set:
                raise Cancelled
            time.sleep(0.05)


def _checked(status: int, retry_after: str | None, content: bytes) -> bytes:
    if status == 200:
        return content
    if status in AGAIN or status >= 500:
        pause = float(retry_after) if retry_after and retry_after.strip().isdigit() else None
        raise _Unanswered(f"status {status}", pause)
    text = content[:200].decode("utf-8", "replace")
    shown = "".join(letter for letter in text if letter.isprintable())
    raise RunnerError(
        "GRADER_REFUSED",
        f"the grader server refused a message with status {status}: {shown!r}",
        f"check that {GRADER_FILE} names this run's grader server and that both sides are of the same version",
    )
