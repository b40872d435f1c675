"""Preference pairs, as dpo and simpo learn them."""

from __future__ import annotations

from collections.abc import Sequence

from ..drawing import Drawn
from ..preferences import Choice


def best_and_worst(group: Sequence[Drawn], _: float) -> list[Choice]:
    """The prompt's best and worst graded sample; none where they have the same reward."""
    graded = [one for one in group if one.reward is not None]
    best = max(graded, key=_reward, default=None)
    worst = min(graded, key=_reward, default=None)
    if best is None or worst is None or best.reward == worst.reward:
        return []
    return [Choice({"chosenIds": best.ids, "rejectedIds": worst.ids}, [best, worst])]


def _reward(one: Drawn) -> float:
    return one.reward or 0.0
