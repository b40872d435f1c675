"""HTTP around a server's answers: paths, bearer token, turns, progress lines and OpenAI's error shape.

It knows nothing of models.
"""

from __future__ import annotations

import hmac
import json
import socketserver
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import torch

from .serving_answers import Answers
from .serving_request import RequestError, read_adapter, refused

BODY_BYTES = 2**28
PROGRESS_SECONDS = 1.0

Work = Callable[[Mapping[str, Any], Callable[[int, int, int], None]], dict[str, Any]]


class ModelServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1. Requests wait for their turn: there is one model in memory."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answers: Answers, token: str) -> None:
        self.answers, self.token, self.turn = answers, token, threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Without the look-up of the machine's name, which may wait for a name server."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    timeout = 60

    def do_GET(self) -> None:
        if self.path == "/health":
            self._send(200, {})
            return
        self._answer({"/v1/models": lambda: {"object": "list", "data": self.server.answers.models.listing()}})

    def do_POST(self) -> None:
        answers, models = self.server.answers, self.server.answers.models
        self._answer(
            {
                "/v1/completions": lambda: self._compute(answers.completions),
                "/holdfast/score": lambda: self._compute(answers.score),
                "/holdfast/kl": lambda: self._compute(answers.kl),
                "/v1/load_lora_adapter": lambda: self._change(models.load, "lora_name", "lora_path"),
                "/v1/unload_lora_adapter": lambda: self._change(models.unload, "lora_name"),
            }
        )

    def _answer(self, paths: Mapping[str, Callable[[], dict[str, Any] | None]]) -> None:
        """Sends what the path's function gives; None when it has sent its own answer."""
        try:
            expected = f"Bearer {self.server.token}".encode()
            if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), expected):
                raise RequestError(401, "invalid_api_key", "The bearer token is missing or wrong")
            if self.path not in paths:
                raise RequestError(404, "not_found", f"There is no {self.path}")
            body = paths[self.path]()
            if body is not None:
                self._send(200, body)
        except ConnectionError:
            self.close_connection = True
        except Exception as error:
            refusal = _as_refusal(error)
            self._send(refusal.status, refusal.body())

    def _compute(self, work: Work) -> dict[str, Any] | None:
        body = self._body()
        if body.get("stream_progress") is not True:
            with self.server.turn:
                return work(body, lambda *_: None)
        _ProgressLines(self).run(work, body)
        return None

    def _change(self, change: Callable[..., None], *fields: str) -> dict[str, Any]:
        arguments = read_adapter(self._body(), *fields)
        with self.server.turn:
            change(*arguments)
        return {"status": "success"}

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_BYTES:
            raise refused("The body is too large")
        try:
            body = json.loads(self.rfile.read(length))
        except ValueError as error:
            raise refused("The body is not JSON") from error
        if not isinstance(body, dict):
            raise refused("The body must be a JSON object")
        return body

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the log is for failures."""


class _ProgressLines:
    """An answer in lines of JSON: {"progress": …} now and then, {"result": …} or {"error": …} last.

    The lines keep a long request from looking dead, and show when the client has gone: then the work is given up.
    """

    def __init__(self, handler: _Handler) -> None:
        self._handler = handler
        self._last = time.monotonic()

    def run(self, work: Work, body: Mapping[str, Any]) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "application/x-ndjson")
        self._handler.end_headers()
        turn = self._handler.server.turn
        while not turn.acquire(timeout=PROGRESS_SECONDS):
            self._progress(0, 0, 0)
        try:
            line = {"result": work(body, self._progress)}
        except ConnectionError:
            raise
        except Exception as error:
            refusal = _as_refusal(error)
            line = {**refusal.body(), "status": refusal.status}
        finally:
            turn.release()
        self._write(line)

    def _progress(self, done: int, total: int, tokens: int) -> None:
        if time.monotonic() - self._last >= PROGRESS_SECONDS:
            self._last = time.monotonic()
            self._write({"progress": {"done": done, "total": total, "tokens": tokens}})

    def _write(self, line: Mapping[str, Any]) -> None:
        self._handler.wfile.write(json.dumps(line).encode() + b"\n")


def _as_refusal(error: Exception) -> RequestError:
    if isinstance(error, RequestError):
        return error
    traceback.print_exception(error)
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "not enough memory" in text:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return RequestError(503, "out_of_memory", text)
    return RequestError(500, "internal", text)
