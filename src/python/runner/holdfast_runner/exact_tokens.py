"""Mixed into TRL's trainers: the loss is taken of exactly the tokens that the spec names, or the training ends.

TRL tokenises, truncates and masks by itself in many places; here it is given ids, and what reaches the loss is
compared with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from .errors import RunnerError
from .rows import TokenRow


class ExactTokens:
    """`expected` gives the sequences of a step, counted from 0 in it; `trained_rows` reads them from a batch."""

    expected: Callable[[int], frozenset[TokenRow]]

    def trained_rows(self, inputs: dict[str, Any]) -> Iterable[TokenRow]:
        """For batches in TRL's own form: padded ids with a mask of what is there and one of what is learned."""
        return masked_rows(inputs["input_ids"], inputs["attention_mask"], inputs["completion_mask"])

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        wanted = self.expected(self.state.global_step)
        for row in self.trained_rows(inputs):
            if row not in wanted:
                raise RunnerError(
                    "TOKENS_DIFFER",
                    f"the trainer learns {len(row[1])} tokens after {len(row[0])} that no example of this step has: "
                    f"{_shown(row)}",
                    "use the runner's pinned packages (holdfast trainer setup) and no TRL option that changes "
                    "sequences",
                )
        return super().compute_loss(model, inputs, return_outputs=return_outputs, num_items_in_batch=num_items_in_batch)


def masked_rows(ids: torch.Tensor, present: torch.Tensor, learned: torch.Tensor) -> list[TokenRow]:
    """Each row's tokens, split where the learned ones begin."""
    rows: list[TokenRow] = []
    for row, is_there, is_learned in zip(ids.tolist(), present.tolist(), learned.tolist()):
        prompt = tuple(token for token, there, wanted in zip(row, is_there, is_learned) if there and not wanted)
        completion = tuple(token for token, wanted in zip(row, is_learned) if wanted)
        rows.append((prompt, completion))
    return rows


def _shown(row: TokenRow) -> str:
    return f"{list(row[0][-4:])} then {list(row[1][:8])}"
