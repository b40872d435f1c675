"""Supervised fine-tuning on demonstrations: the mean negative log-likelihood of the batch's completion tokens.

Source: TRL's SFTTrainer with `loss_type="nll"`, https://huggingface.co/docs/trl/sft_trainer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from trl import SFTConfig, SFTTrainer

from ..exact_tokens import ExactTokens, masked_rows
from ..ordering import ordered_rows
from ..protocol import RunnerExample, RunnerSpec, RunnerStage
from ..rows import TokenRow, TrainingRow, case_of, dataset_of, token_row
from ..segment import Recipe, Segment, train_rows
from ..stage import StageRun

IGNORED = -100


class _Trainer(ExactTokens, SFTTrainer):
    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset

    def trained_rows(self, inputs: dict[str, Any]) -> Iterable[TokenRow]:
        return masked_rows(inputs["input_ids"], inputs["attention_mask"], inputs["labels"] != IGNORED)


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    return Recipe(SFTConfig, {"max_length": None, "packing": False, "shuffle_dataset": False}, _make)


def run(stage: StageRun) -> None:
    """Learns the spec's demonstrations in the spec's order."""
    rows = ordered_rows(
        stage, "demonstration", lambda example: demonstration_row(example, example["completionIds"] or [])
    )
    train_rows(stage, recipe(stage.run.spec, stage.spec), rows, stage.done)


def demonstration_row(example: RunnerExample, completion: Sequence[int]) -> TrainingRow:
    """A completion to be learned after the example's prompt."""
    prompt = example["promptIds"]
    columns = {"input_ids": [*prompt, *completion], "labels": [IGNORED] * len(prompt) + [*completion]}
    return TrainingRow(case_of(example), columns, (token_row(prompt, completion),))


def _make(segment: Segment) -> SFTTrainer:
    return _Trainer(train_dataset=dataset_of(segment.rows), **segment.shared())
