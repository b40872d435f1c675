"""A recipe whose trainer's first step also tells of samples that were drawn before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .rows import StepFacts
from .segment import Recipe, Segment


def telling(recipe: Recipe, drawn: StepFacts) -> Recipe:
    """The same training; the first step's event carries the rewards, lengths and rollouts of `drawn`."""

    def make(segment: Segment) -> Any:
        def facts(step: int) -> StepFacts:
            own = segment.row_facts(step)
            return own if step > 1 else replace(drawn, cases=own.cases, trained_tokens=own.trained_tokens)

        segment.facts = facts
        return recipe.make(segment)

    return replace(recipe, make=make)
