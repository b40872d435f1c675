"""Why a training ended before its last step, in the words of `exit.json`: a code, what happened, what mends it."""

from __future__ import annotations


class RunnerError(Exception):
    """A failure that someone can act on."""

    def __init__(self, code: str, summary: str, fix: str) -> None:
        super().__init__(f"{code}  {summary}")
        self.code, self.summary, self.fix = code, summary, fix


class Cancelled(Exception):
    """Somebody asked the training to end; what was learned so far is on disk."""


class Stopped(Exception):
    """The watch at a checkpoint asked the training to end."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def described(error: BaseException) -> RunnerError:
    """Any exception as a failure with a code; ours as they are, memory that ran out as such, the rest as a crash."""
    if isinstance(error, RunnerError):
        return error
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return RunnerError(
            "OUT_OF_MEMORY",
            f"the device ran out of memory: {_last_line(error)}",
            "set a smaller microBatchSize, fewer samplesPerPrompt or maxNewTokens, gradientCheckpointing, "
            "or precision '4bit'",
        )
    return RunnerError(
        "RUNNER_CRASHED",
        f"{type(error).__name__}: {_last_line(error)}",
        "read the traceback at the end of runner.log; calling the training again goes on from its last checkpoint",
    )


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:500] if lines else "no message"
