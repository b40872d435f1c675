"""What grpo, rloo and mdloo share: token ids, our own sampler, rewards from the graders, and a book of all of it.

TRL keeps the loop, the advantages and the loss. Its `prompt` column holds a row's number as text; what TRL decodes of a
completion is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..drawing import draw_prompts
from ..exact_tokens import ExactTokens, masked_rows
from ..ordering import kept_order
from ..protocol import RunnerSpec, RunnerStage
from ..reading import batch_size, limits_of, updates_per_batch
from ..rollout_book import RolloutBook
from ..rows import TokenRow, TrainingRow, case_of, dataset_of
from ..segment import Recipe, Segment, train_rows
from ..stage import StageRun


class Online(ExactTokens):
    """Mixed into GRPOTrainer and RLOOTrainer before them."""

    book: RolloutBook
    stage: StageRun
    gives_log_probs: bool
    """Whether `_generate_single_turn` also returns the sampler's log-probabilities, as GRPOTrainer's does."""

    def _tokenize_prompts(self, prompts: Sequence[str]) -> tuple[list[list[int]], None, dict[str, Any]]:
        position = self.accelerator.process_index * len(prompts)
        self.book.open([int(prompt) for prompt in prompts], self.state.global_step, position)
        return [self.book.prompt(entry) for entry in self.book.entries], None, {}

    def _generate_single_turn(self, prompt_ids: Any, *rest: Any, **named: Any) -> Any:
        if self.use_vllm:
            found = self._cut(super()._generate_single_turn(prompt_ids, *rest, **named))
            self.book.drawn(found[0] if self.gives_log_probs else found)
            return found
        groups = self.book.groups()
        run = self.stage.run
        drawn = draw_prompts(
            run,
            [group[0].example for group in groups],
            [[entry.seed for entry in group] for group in groups],
            self.temperature,
            lambda done, total, tokens: run.files.progress("sampling", self.book.step, tokens),
        )
        ids = [one.ids for group in drawn for one in group]
        self.book.drawn(ids)
        run.files.progress("updating", self.book.step)
        return (ids, None) if self.gives_log_probs else ids

    def _cut(self, found: Any) -> Any:
        """vLLM draws as far as the longest limit of all evals; each completion ends at its own eval's."""
        limits = self.book.limits()

        def cut(rows: Any) -> Any:
            return None if rows is None else [row[:limit] for row, limit in zip(rows, limits, strict=True)]

        return (cut(found[0]), cut(found[1]), *found[2:]) if self.gives_log_probs else cut(found)

    def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
        output = super()._generate_and_score_completions(inputs)
        self.book.valued(output["advantages"].tolist())
        return output

    def trained_rows(self, inputs: dict[str, Any]) -> Iterable[TokenRow]:
        prompts = masked_rows(inputs["prompt_ids"], inputs["prompt_mask"], inputs["prompt_mask"] * 0)
        answers = masked_rows(inputs["completion_ids"], inputs["completion_mask"], inputs["completion_mask"])
        return [(prompt, answer) for (prompt, _), (_, answer) in zip(prompts, answers)]


def online_options(spec: RunnerSpec, stage: RunnerStage) -> dict[str, Any]:
    """What the configs of GRPO and RLOO have in common."""
    method, is_vllm = stage["method"], spec["device"]["vllm"]
    options = {
        "num_generations": method["samplesPerPrompt"],
        "max_completion_length": _longest_completion(spec) if is_vllm else spec["maxNewTokens"],
        "temperature": method["temperature"],
        "beta": method["klWeight"],
        "num_iterations": updates_per_batch(method),
        "shuffle_dataset": False,
        "disable_dropout": True,
        "use_vllm": is_vllm,
    }
    if is_vllm:
        options["generation_kwargs"] = {"stop_token_ids": spec["stopIds"]}
    return options


def _longest_completion(spec: RunnerSpec) -> int:
    return max(limits_of(spec, example["eval"])[0] for example in spec["examples"])


def online_recipe(config: type, options: dict[str, Any], trainer: type, stage: RunnerStage) -> Recipe:
    """A recipe around a trainer class that mixes in `Online`."""
    method = stage["method"]
    reference = method.get("reference", "parent") if method["klWeight"] > 0 else None
    return Recipe(config, options, _make(trainer), sequences_per_row=method["samplesPerPrompt"], reference=reference)


def run_online(stage: StageRun, recipe: Recipe) -> None:
    """Learns from rewards of the spec's prompts, in the spec's order."""
    examples = stage.run.spec["examples"]
    order = kept_order(stage, "prompt")[stage.done * batch_size(stage.spec["method"]) :]
    rows = [
        TrainingRow(case_of(examples[index]), {"prompt": str(number), "example": index}, ())
        for number, index in enumerate(order)
    ]
    train_rows(stage, recipe, rows, stage.done)


def _make(trainer_type: type) -> Any:
    def make(segment: Segment) -> Any:
        book = RolloutBook(segment)

        def holdfast(**_: Any) -> list[float | None]:
            return book.grade()

        rows = _repeated(segment)
        trainer = trainer_type(reward_funcs=holdfast, train_dataset=dataset_of(rows), **segment.shared())
        trainer.book, trainer.stage = book, segment.stage
        trainer.eos_token_ids = segment.stage.run.spec["stopIds"]
        segment.expected, segment.facts = book.token_rows, book.facts
        return trainer

    return make


def _repeated(segment: Segment) -> list[TrainingRow]:
    """The prompts that TRL's sampler reads: one batch for all updates on it, those of its first step."""
    updates = updates_per_batch(segment.stage.spec["method"])
    steps = len(segment.rows) // segment.batch
    return [row for step in range(0, steps, updates) for row in segment.rows_of(step)]
