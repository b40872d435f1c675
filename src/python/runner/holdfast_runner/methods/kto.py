"""KTO: single answers that people liked or did not, without pairs.

Source: Ethayarajh et al., arXiv:2402.01306; TRL's KTOTrainer, https://huggingface.co/docs/trl/kto_trainer. Its
reference point is estimated from each answer beside the prompt of its neighbour in the same micro-batch, so a smaller
microBatchSize estimates it from fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets import Dataset
from trl import KTOConfig, KTOTrainer

from ..drawing import Drawn
from ..exact_tokens import ExactTokens
from ..preferences import Choice, Preference, run_preference
from ..protocol import RunnerExample, RunnerSpec, RunnerStage
from ..rows import TrainingRow, case_of, token_row
from ..segment import Recipe, Segment
from ..stage import StageRun


class _Trainer(ExactTokens, KTOTrainer):
    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset


def recipe(spec: RunnerSpec, stage: RunnerStage) -> Recipe:
    method = stage["method"]
    options = {
        "beta": method["beta"],
        "desirable_weight": method["desirableWeight"],
        "undesirable_weight": method["undesirableWeight"],
        "loss_type": "kto",
        "max_length": None,
        "disable_dropout": True,
    }
    return Recipe(KTOConfig, options, _make, least_micro=2, reference=method["reference"])


def run(stage: StageRun) -> None:
    """Learns labels that people gave or that the graders' rewards say."""
    run_preference(stage, recipe(stage.run.spec, stage.spec), Preference("thumb", _row, _labelled))


def _labelled(group: Sequence[Drawn], threshold: float) -> list[Choice]:
    """Each different graded sample, liked when it passes."""
    different: dict[tuple[int, ...], Drawn] = {}
    for one in group:
        if one.reward is not None:
            different.setdefault(tuple(one.ids), one)
    return [
        Choice({"completionIds": one.ids, "thumb": "up" if (one.reward or 0) >= threshold else "down"}, [one])
        for one in different.values()
    ]


def _row(example: RunnerExample) -> TrainingRow:
    prompt, answer = example["promptIds"], example["completionIds"] or []
    columns = {"prompt_ids": prompt, "completion_ids": answer, "label": example["thumb"] == "up"}
    return TrainingRow(case_of(example), columns, (token_row(prompt, answer),))


def _make(segment: Segment) -> KTOTrainer:
    columns = [row.columns for row in segment.rows]
    micro = segment.args.per_device_train_batch_size
    rows = [
        {**row, "KL_completion_ids": _neighbour(columns, index, micro)["completion_ids"]}
        for index, row in enumerate(columns)
    ]
    return _Trainer(train_dataset=Dataset.from_list(rows), **segment.shared())


def _neighbour(columns: list[dict[str, Any]], index: int, micro: int) -> dict[str, Any]:
    """The row before it in its micro-batch; the first one's is the last."""
    start = index - index % micro
    return columns[index - 1 if index > start else min(start + micro, len(columns)) - 1]
