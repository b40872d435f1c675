"""Direct preference optimisation: the chosen answer becomes more probable against the reference than the rejected one.

Source: Rafailov et al., arXiv:2305.18290; TRL's DPOTrainer, https://huggingface.co/docs/trl/dpo_trainer.
"""

from __future__ import annotations

from typing import Any

from trl import DPOConfig, DPOTrainer

from ..exact_tokens import ExactTokens
from ..preferences import Preference, run_preference
from ..protocol import RunnerExample, RunnerSpec, RunnerStage
from ..rows import TrainingRow, case_of, dataset_of, token_row
from ..segment import Recipe, Segment
from ..stage import StageRun
from .pairs import best_and_worst


class _Trainer(ExactTokens, DPOTrainer):
    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    method = stage["method"]
    options = {
        "beta": method["beta"],
        "loss_type": [method["lossType"]],
        "label_smoothing": method["labelSmoothing"],
        "max_length": None,
        "disable_dropout": True,
    }
    return Recipe(DPOConfig, options, _make, reference=method["reference"])


def run(stage: StageRun) -> None:
    """Learns pairs that people gave or that the graders chose."""
    run_preference(stage, recipe(stage.run.spec, stage.spec), Preference("pair", _row, best_and_worst))


def _row(example: RunnerExample) -> TrainingRow:
    prompt, chosen, rejected = example["promptIds"], example["chosenIds"] or [], example["rejectedIds"] or []
    columns = {"prompt_ids": prompt, "chosen_ids": chosen, "rejected_ids": rejected}
    return TrainingRow(case_of(example), columns, (token_row(prompt, chosen), token_row(prompt, rejected)))


def _make(segment: Segment) -> DPOTrainer:
    return _Trainer(train_dataset=dataset_of(segment.rows), **segment.shared())
