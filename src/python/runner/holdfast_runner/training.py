"""A whole training.

Its stages one after another, from the beginning or from where an earlier process left it, to its exit file.
"""

from __future__ import annotations

import shutil
import sys
import traceback
from pathlib import Path

from .checkpoints import write_checkpoint
from .ending import EndRequest, end_with_parent
from .environment import rank
from .errors import Cancelled, Stopped, described
from .exit_file import ENDED, exit_record, write_exit
from .filtering import filter_instances
from .methods import METHODS
from .protocol import EXIT_FILE, GRADER_FILE, RunnerExit, RunnerSpec
from .run import Run, open_run, trainable_count
from .run_files import RunFiles
from .stage import StageRun
from .state import forget_unsaved, load_state


def train(spec: RunnerSpec) -> RunnerExit:
    """Trains to the end, from the beginning or from a saved state, and writes `exit.json`."""
    end = EndRequest()
    end.listen()
    end_with_parent()
    steps = sum(stage["method"]["steps"] for stage in spec["stages"])
    files = RunFiles(Path(spec["directory"]), steps, rank() == 0)
    if files.is_writer:
        (files.directory / EXIT_FILE).unlink(missing_ok=True)
    forget_unsaved(files, spec)
    ending = _ending(spec, files, end)
    if files.is_writer:
        write_exit(files.directory, ending)
        # It may hold a token, and nobody is left to ask.
        (files.directory / GRADER_FILE).unlink(missing_ok=True)
        if ending["state"] in ENDED:
            shutil.rmtree(files.directory / "state", ignore_errors=True)
    return ending


def _ending(spec: RunnerSpec, files: RunFiles, end: EndRequest) -> RunnerExit:
    training: _Training | None = None
    try:
        training = _Training(open_run(spec, files, end))
        training.run_stages()
        return exit_record("finished", training.run.step)
    except Stopped as stop:
        step = training.run.step if training else 0
        files.event({"type": "stopped", "step": step, "reason": stop.reason})
        return exit_record("stopped", step, summary=stop.reason)
    except Cancelled:
        if training is not None:
            training.cancel()
        return exit_record("cancelled", training.run.step if training else 0)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told in exit.json
        traceback.print_exc(file=sys.stderr)
        failure = described(error)
        return exit_record("failed", training.run.step if training else 0, failure)


class _Training:
    """The stages of an opened run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._saved = load_state(run)
        self._stage: StageRun | None = None

    def run_stages(self) -> None:
        stages = self.run.spec["stages"]
        index = self._saved.position.stage if self._saved else 0
        while index < len(stages):
            last_watched = self._stage.position.last_watched if self._stage else -1
            self._stage = StageRun(self.run, self._saved, index)
            if self._saved is None:
                self._stage.position.last_watched = last_watched
                self._begin(self._stage)
            self._take(self._stage)
            self._saved, index = None, index + 1
        self.run.files.event({"type": "finished", "steps": self.run.step})

    def _begin(self, stage: StageRun) -> None:
        """The very first stage also writes what every training begins with."""
        if stage.position.stage == 0:
            spec = self.run.spec
            parameters = self.run.model.get_base_model().num_parameters() - trainable_count(self.run.model)
            self.run.files.event(
                {"type": "started", "schemaVersion": 1, "examples": len(spec["examples"]), "parameters": parameters}
            )
            if 0 in spec["checkpointSteps"]:
                write_checkpoint(self.run)
        stage.save()

    def _take(self, stage: StageRun) -> None:
        method = METHODS[stage.spec["method"]["name"]]
        if stage.done >= stage.spec["method"]["steps"]:
            return
        stage.catch_up()
        filter_instances(stage)
        if stage.done == 0:
            stage.watch.begin()
        method.run(stage)

    def cancel(self) -> None:
        """Saves where the training is, then writes a checkpoint of it. Going on forgets that checkpoint.

        It was not planned.
        """
        if self._stage is None:
            return
        self._stage.save()
        if self.run.step > 0 and not self.run.files.has_event("checkpoint", self.run.step):
            write_checkpoint(self.run)
        self.run.files.event({"type": "cancelled", "step": self.run.step})
