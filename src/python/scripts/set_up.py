"""Makes, completes or removes the trainer's environment on this machine, for set-up-environment.ts.

Runs in any Python from 3.11 on, with the standard library alone: the job comes as JSON on stdin, one JSON line on stdout tells each stage.
What pip and uv print goes to a log file. A lock that ends with this process and its children keeps two set-ups apart; the file that makes
the environment count as complete is written last.
"""

from __future__ import annotations

import collections
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
INDEX_TIMEOUT_S = 5
PIP = "pip==26.3"
TAIL_LINES = 12
# Settings of the user's pip that would put packages elsewhere, and of Python that would let in packages from elsewhere.
DROPPED_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "VIRTUAL_ENV")


class StepFailed(Exception):
    """A program of a step ended with an error."""

    def __init__(self, step: str, tail: list[str]) -> None:
        super().__init__(step)
        self.step = step
        self.tail = tail


@dataclass(frozen=True)
class Job:
    action: str
    directory: Path
    lock: Path
    variant: str
    extras: list[str]
    force: bool
    uv: str | None
    pins: str
    requirements: dict[str, str]

    @property
    def venv(self) -> Path:
        return self.directory / "venv"

    @property
    def python(self) -> str:
        return str(self.venv / "bin" / "python")

    @property
    def marker(self) -> Path:
        return self.directory / "complete.json"

    def file(self, name: str) -> str:
        return str(self.directory / f"{name}.txt")


def tell(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def read_marker(job: Job) -> dict[str, Any] | None:
    try:
        marker = json.loads(job.marker.read_text())
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) and marker.get("pins") == job.pins else None


def write_marker(job: Job, extras: list[str]) -> None:
    marker = {"pins": job.pins, "variant": job.variant, "extras": extras, "python": job.python}
    temporary = job.marker.with_suffix(".new")
    temporary.write_text(json.dumps(marker))
    temporary.replace(job.marker)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock until this process and every program it started are gone. The file stays: removing it would let two in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        os.set_inheritable(file.fileno(), True)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(stage="waiting for another set-up of this environment")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Installer:
    """Runs pip or uv for one environment, with everything they print in a log."""

    def __init__(self, job: Job, log: TextIO) -> None:
        self.job = job
        self.log = log
        self.env = {name: value for name, value in os.environ.items() if name not in DROPPED_VARIABLES}

    def run(self, step: str, command: list[str]) -> None:
        self.log.write(f"$ {' '.join(command)}\n")
        tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)
        process = subprocess.Popen(
            command, cwd=self.job.directory, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", close_fds=False,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            for line in process.stdout:
                self.log.write(line)
                self.log.flush()
                tail.append(line.rstrip())
                # Also how this program learns that nobody listens any more: the write fails, and the set-up ends.
                tell(line=line.rstrip()[:300])
            code = process.wait()
        finally:
            process.kill()
        if code != 0:
            raise StepFailed(step, [line for line in tail if line.strip()])

    def pip(self, step: str, *arguments: str) -> None:
        self.run(step, [self.job.python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", *arguments])

    def install(self, step: str, *arguments: str) -> None:
        if self.job.uv is None:
            self.pip(step, *arguments)
        else:
            self.run(step, [self.job.uv, "pip", "install", "--python", self.job.python, *arguments])


def make_venv(job: Job, installer: Installer) -> None:
    tell(stage=f"making a virtual environment with Python {sys.version.split()[0]}")
    shutil.rmtree(job.venv, ignore_errors=True)
    if job.uv is None:
        installer.run("make the virtual environment", [sys.executable, "-m", "venv", str(job.venv)])
    else:
        installer.run("make the virtual environment", [job.uv, "venv", "--python", sys.executable, str(job.venv)])


def can_reach(address: str) -> bool:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=INDEX_TIMEOUT_S):
            return True
    except OSError:
        return False


def pinned(job: Job, name: str) -> str:
    return next(line for line in job.requirements["trainer"].splitlines() if line.startswith(f"{name}=="))


def install_torch(job: Job, installer: Installer) -> None:
    torch = pinned(job, "torch")
    step = f"install {torch}"
    constraints = ["-c", job.file("trainer")]
    if job.variant == "cuda":
        tell(stage=f"installing {torch} for CUDA (about 3 GB to fetch)")
        installer.install(step, torch, *constraints, "-c", job.file("cuda"))
        return
    # The default index has CPU builds for macOS, and CUDA builds for Linux.
    if sys.platform != "linux":
        tell(stage=f"installing {torch}")
        installer.install(step, torch, *constraints)
    elif can_reach(f"{CPU_INDEX}/torch/"):
        tell(stage=f"installing {torch} for the CPU")
        # What torch needs has its versions in trainer.txt and comes from the usual index afterwards.
        installer.install(step, "--no-deps", "--index-url", CPU_INDEX, torch)
    else:
        tell(stage=f"installing {torch}", note=f"{CPU_INDEX} cannot be reached: torch comes through pip's own settings")
        # pip, even where uv is: only pip's settings can name a CPU build that lies on this machine.
        if job.uv is not None:
            installer.install("install pip", PIP)
        installer.pip(step, torch, *constraints)


def install_extra(job: Job, installer: Installer, name: str) -> None:
    tell(stage=f"installing {name}")
    # vllm.txt is a whole list of its own: it has one version that trainer.txt would refuse.
    constraints = [] if name == "vllm" else ["-c", job.file("trainer")]
    installer.install(f"install {name}", "-r", job.file(name), *constraints)


CHECK = """
import torch, transformers, peft, trl
print("torch", torch.__version__, "trl", trl.__version__)
if {cuda} and torch.version.cuda is None:
    raise SystemExit("the index gave a build of torch without CUDA")
"""


def set_up(job: Job) -> None:
    marker = read_marker(job)
    wanted = sorted({*job.extras, *(marker["extras"] if marker and not job.force else [])})
    if marker is not None and not job.force and marker["extras"] == wanted:
        tell(done={"already": True, "extras": wanted})
        return
    job.directory.mkdir(parents=True, exist_ok=True)
    job.marker.unlink(missing_ok=True)
    for name, text in job.requirements.items():
        Path(job.file(name)).write_text(text)
    with (job.directory / "setup.log").open("w", encoding="utf-8") as log:
        installer = Installer(job, log)
        if marker is None or job.force:
            make_venv(job, installer)
            install_torch(job, installer)
            count = sum(1 for line in job.requirements["trainer"].splitlines() if "==" in line and not line.startswith("#"))
            tell(stage=f"installing {pinned(job, 'trl')} and what it needs, {count} packages")
            installer.install("install the packages", "-r", job.file("trainer"))
        for name in wanted:
            install_extra(job, installer, name)
        tell(stage="checking that torch, transformers, peft and trl can be imported")
        check = CHECK.format(cuda=job.variant == "cuda")
        installer.run("import the packages", [job.python, "-c", check])
    write_marker(job, wanted)
    tell(done={"already": False, "extras": wanted})


def remove(job: Job) -> None:
    job.marker.unlink(missing_ok=True)
    shutil.rmtree(job.directory, ignore_errors=True)
    tell(done={"already": False, "extras": []})


def read_job() -> Job:
    given = json.load(sys.stdin)
    return Job(**{**given, "directory": Path(given["directory"]), "lock": Path(given["lock"])})


def stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(1)


def main() -> int:
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    job = read_job()
    try:
        with locked(job.lock):
            (set_up if job.action == "set-up" else remove)(job)
        return 0
    except StepFailed as failure:
        tell(failed={"step": failure.step, "tail": failure.tail})
    except OSError as error:
        tell(failed={"step": "write the environment", "tail": [str(error)]})
    return 1


sys.exit(main())
