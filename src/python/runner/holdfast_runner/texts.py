"""Token ids as text, for rollouts that people read. Training itself never sees text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tokenizers import Tokenizer, models
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from .protocol import BaseRef


class Texts:
    """Decodes with the base's own tokenizer; a base without one has no text."""

    def __init__(self, base: BaseRef) -> None:
        self._tokenizer = _tokenizer(base)

    def text(self, ids: Sequence[int]) -> str:
        return "" if self._tokenizer is None else self._tokenizer.decode(list(ids), skip_special_tokens=True)


def _tokenizer(base: BaseRef) -> Any | None:
    if not os.path.isdir(base["path"]):
        return AutoTokenizer.from_pretrained(base["path"], revision=base["revision"] or "main")
    file = os.path.join(base["path"], "tokenizer.json")
    return Tokenizer.from_file(file) if os.path.exists(file) else None


def stand_in_tokenizer(stop_id: int) -> PreTrainedTokenizerFast:
    """What TRL asks for as `processing_class`: it knows the id that stops and no words, for nothing is tokenised here.

    It pads with the same id, which the masks hide. With a pad id of its own TRL would take a completion that is cut
    right after that token for a finished one.
    """
    vocabulary = {"<stop>": stop_id, "<other>": stop_id + 1}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="<other>")),
        pad_token="<stop>",
        eos_token="<stop>",
        unk_token="<other>",
        padding_side="left",
    )
