"""What an online trainer drew, was paid and made of it, kept until the steps that learn from it are told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accelerate.utils import gather_object

from .drawing import has_no_variance, mean
from .protocol import Rollout
from .random_streams import derive_seed
from .reading import limits_of
from .rewards import Completion
from .rows import CaseName, StepFacts, TokenRow, case_of, token_row
from .segment import Segment


@dataclass
class Entry:
    """One completion. `row` is its prompt's index among the segment's rows."""

    row: int
    example: int
    sample: int
    seed: int
    ids: list[int]
    is_cut: bool = False
    reward: float | None = None
    advantage: float = 0.0


class RolloutBook:
    """Pages through the batches of one segment; the present one is open."""

    def __init__(self, segment: Segment) -> None:
        method = segment.stage.spec["method"]
        self._segment, self._run = segment, segment.stage.run
        self._group, self._updates = method["samplesPerPrompt"], method.get("updatesPerBatch", 1)
        self._uses_all = segment.stage.spec["usesEqualRewards"]
        self._masks_cut = bool(method.get("maskTruncated", False))
        self.step = 0
        self.entries: list[Entry] = []

    def open(self, rows: Sequence[int], step: int, position: int) -> None:
        """A new batch for the segment's step `step`, counted from 0.

        This process's completions, whose first is `position` of the batch.
        """
        self.step = self._segment.stage.spec["firstStep"] + self._segment.first + step + 1
        batch = self._segment.rows_of(step)
        self.entries = []
        for offset, row in enumerate(rows):
            in_group = (position + offset) % self._group
            case = self._segment.rows[row].case
            earlier = sum(other.case == case for other in batch[: row - step * self._segment.batch])
            sample = earlier * self._group + in_group
            seed = derive_seed(self._run.spec["seeds"]["sampling"], self.step, *case, sample)
            self.entries.append(Entry(row, self._segment.rows[row].columns["example"], sample, seed, []))

    def groups(self) -> list[list[Entry]]:
        """This process's completions by prompt, in order."""
        found: list[list[Entry]] = []
        for entry in self.entries:
            if found and found[-1][0].row == entry.row:
                found[-1].append(entry)
            else:
                found.append([entry])
        return found

    def drawn(self, ids: Sequence[Sequence[int]]) -> None:
        stops = set(self._run.spec["stopIds"])
        for entry, own in zip(self.entries, ids, strict=True):
            entry.ids, entry.is_cut = list(own), own[-1] not in stops

    def limits(self) -> list[int]:
        """How long each of this process's completions may be."""
        spec = self._run.spec
        return [limits_of(spec, spec["examples"][one.example]["eval"])[0] for one in self.entries]

    def grade(self) -> list[float | None]:
        examples = self._run.spec["examples"]
        asked = [
            Completion(
                examples[one.example]["eval"],
                examples[one.example]["caseId"],
                one.ids,
                "length" if one.is_cut else "stop",
            )
            for one in self.entries
        ]
        rewards = self._run.graders.rewards(self.step, asked)
        for entry, reward in zip(self.entries, rewards, strict=True):
            entry.reward = reward
        return rewards

    def valued(self, advantages: Sequence[float]) -> None:
        """TRL's own advantages: 0 for a completion without a reward, which its group's mean leaves out."""
        for entry, advantage in zip(self.entries, advantages, strict=True):
            entry.advantage = advantage

    def token_rows(self, _: int) -> frozenset[TokenRow]:
        """What the open batch may train on; a masked completion has no learned token."""
        rows = [token_row(self.prompt(entry), entry.ids) for entry in self.entries]
        return frozenset(rows + [(prompt, ()) for prompt, _ in rows] if self._masks_cut else rows)

    def facts(self, step: int) -> StepFacts:
        """Of the segment's step, counted from 1. Only the first update of a batch tells of its samples."""
        entries: list[Entry] = gather_object(self.entries)
        groups = [entries[i : i + self._group] for i in range(0, len(entries), self._group)]
        learned = {id(one) for group in groups for one in group if self._is_learned(one, group)}
        used = [one for one in entries if id(one) in learned]
        told = [self._case(one) for one in used], sum(len(one.ids) for one in used)
        can_learn = self._uses_all or any(one.advantage != 0 for one in used)
        if (step - 1) % self._updates != 0:
            return StepFacts(*told, can_learn=can_learn)
        rewards = [one.reward for one in entries]
        return StepFacts(
            *told,
            mean_reward=mean([reward for reward in rewards if reward is not None]),
            zero_variance_share=mean([float(has_no_variance([one.reward for one in group])) for group in groups]),
            mean_length=mean([len(one.ids) for one in entries]),
            rollouts=[self._rollout(one, id(one) in learned) for one in entries],
            rewards=rewards,
            truncated_share=mean([float(one.is_cut) for one in entries]),
            can_learn=can_learn,
        )

    def _is_learned(self, one: Entry, group: Sequence[Entry]) -> bool:
        if self._masks_cut and one.is_cut:
            return False
        return self._uses_all or (one.reward is not None and any(other.advantage != 0 for other in group))

    def prompt(self, entry: Entry) -> list[int]:
        """The prompt that a completion answers."""
        return self._run.spec["examples"][entry.example]["promptIds"]

    def _case(self, entry: Entry) -> CaseName:
        return case_of(self._run.spec["examples"][entry.example])

    def _rollout(self, entry: Entry, used: bool) -> Rollout:
        name, case_id = self._case(entry)
        return {
            "step": self.step,
            "eval": name,
            "caseId": case_id,
            "sample": entry.sample,
            "seed": entry.seed,
            "text": self._run.texts.text(entry.ids),
            "tokenIds": entry.ids,
            "reward": entry.reward,
            "advantage": entry.advantage,
            "used": used,
        }
