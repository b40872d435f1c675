"""SimPO: mean log-probabilities of chosen and rejected answers, a target margin, and no reference.

Source: Meng et al., arXiv:2405.14734; TRL's experimental CPOTrainer with `loss_type="simpo"`. Its default `cpo_alpha=1`
would add a likelihood term that SimPO does not have, so it is 0 here. TRL's `simpo_gamma` is the margin in units of
beta times the difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trl.experimental.cpo import CPOConfig, CPOTrainer

from ..exact_tokens import ExactTokens, masked_rows
from ..preferences import Preference, run_preference
from ..protocol import RunnerExample, RunnerSpec, RunnerStage
from ..rows import TokenRow, TrainingRow, case_of, dataset_of, token_row
from ..segment import Recipe, Segment
from ..stage import StageRun
from .pairs import best_and_worst

IGNORED = -100
UNLIMITED = 2**31 - 1
"""CPOTrainer truncates to 512 tokens where it is given no length."""


class _Trainer(ExactTokens, CPOTrainer):
    def tokenize_row(self, feature: dict[str, Any], model: Any = None) -> dict[str, Any]:
        return feature

    def trained_rows(self, inputs: dict[str, Any]) -> Iterable[TokenRow]:
        for side in ("chosen", "rejected"):
            learned = inputs[f"{side}_labels"] != IGNORED
            yield from masked_rows(inputs[f"{side}_input_ids"], inputs[f"{side}_attention_mask"], learned)


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    method = stage["method"]
    options = {
        "beta": method["beta"],
        "simpo_gamma": method["gamma"],
        "loss_type": "simpo",
        "cpo_alpha": 0.0,
        "max_length": UNLIMITED,
        "remove_unused_columns": False,
        "disable_dropout": True,
    }
    return Recipe(CPOConfig, options, _make)


def run(stage: StageRun) -> None:
    """Learns pairs that people gave or that the graders chose."""
    run_preference(stage, recipe(stage.run.spec, stage.spec), Preference("pair", _row, best_and_worst))


def _row(example: RunnerExample) -> TrainingRow:
    prompt, chosen, rejected = example["promptIds"], example["chosenIds"] or [], example["rejectedIds"] or []
    columns = {**_side("chosen", prompt, chosen), **_side("rejected", prompt, rejected)}
    return TrainingRow(case_of(example), columns, (token_row(prompt, chosen), token_row(prompt, rejected)))


def _side(name: str, prompt: list[int], answer: list[int]) -> dict[str, list[int]]:
    ids = [*prompt, *answer]
    labels = [IGNORED] * len(prompt) + [*answer]
    return {f"{name}_input_ids": ids, f"{name}_attention_mask": [1] * len(ids), f"{name}_labels": labels}


def _make(segment: Segment) -> CPOTrainer:
    return _Trainer(train_dataset=dataset_of(segment.rows), **segment.shared())
