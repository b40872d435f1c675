"""Shows greedy answers to the watched cases, before a stage that draws samples and at its checkpoints.

It judges nothing.
"""

from __future__ import annotations

from .drawing import mean, sampling_settings
from .errors import Stopped
from .rewards import Completion
from .run import Run
from .sampling import sample
from .state import Position


class Watch:
    """Collects rewards between reports.

    The first report waits for the first batch's reward, which the stage's start still drew.
    """

    def __init__(self, run: Run, position: Position, is_active: bool) -> None:
        self._run, self._position = run, position
        self._is_active = is_active and len(run.spec["watched"]) > 0
        self._start: tuple[int, list[Completion]] | None = None

    def begin(self) -> None:
        """Answers of the policy that the stage starts with, unless the stage before just showed them."""
        if self._is_active and self._position.last_watched != self._run.step:
            self._start = (self._run.step, self._run.agreed(self._answers))

    def saw(self, mean_reward: float | None) -> None:
        """A step was taken; its completions, if it drew some, had this mean reward."""
        if mean_reward is not None:
            self._position.watched_rewards.append(mean_reward)
        if self._start is not None:
            step, answers = self._start
            self._start = None
            self._report(step, mean_reward, answers)

    def at_checkpoint(self) -> None:
        """Raises `Stopped` when the training must not go on from here."""
        if self._is_active:
            self._report(self._run.step, mean(self._position.watched_rewards), self._run.agreed(self._answers))
            self._position.watched_rewards.clear()

    def _report(self, step: int, mean_reward: float | None, answers: list[Completion]) -> None:
        answer = self._run.agreed(lambda: self._run.graders.watch(step, mean_reward, answers))
        self._position.last_watched = step
        if answer["stop"]:
            raise Stopped(answer["reason"])

    def _answers(self) -> list[Completion]:
        run, watched = self._run, self._run.spec["watched"]
        run.files.progress("watching", run.step)
        prompts = [case["promptIds"] for case in watched]
        groups = sample(run.model, prompts, [[0]] * len(prompts), sampling_settings(run, 0, run.spec["maxNewTokens"]))
        return [
            Completion(case["eval"], case["caseId"], group[0].ids, group[0].finish)
            for case, group in zip(watched, groups)
        ]
